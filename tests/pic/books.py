"""What the tables say of money, votes and decisions, read past the code: for tests that trust nothing else."""

from typing import Any

from sqlalchemy import text

from citizen.db import db


def rows(query: str, **values: Any) -> list[Any]:
    return list(db.session.execute(text(query), values))


def state(project_id: int) -> Any:
    return db.session.scalar(text("SELECT state FROM project WHERE id = :id"), {"id": project_id})


CONFLICTED = """
SELECT vote.question_id, vote.seat_id FROM vote
JOIN question ON question.id = vote.question_id JOIN agenda_item ON agenda_item.id = question.agenda_item_id
JOIN project ON project.id = agenda_item.project_id JOIN seat ON seat.id IN (vote.seat_id, vote.holder_id)
LEFT JOIN recusal ON recusal.agenda_item_id = agenda_item.id AND recusal.seat_id = seat.id
WHERE (question.result IS NULL OR question.result <> 'void') AND (recusal.seat_id IS NOT NULL OR seat.person_id = project.bearer_id)"""
TOLD = """SELECT id FROM question WHERE is_secret AND result IN ('adopted', 'rejected', 'tied')
  AND (SELECT count(DISTINCT coalesce(holder_id, seat_id)) FROM vote WHERE question_id = question.id) < 3"""
NOT_MET = """
SELECT project.id FROM project WHERE state IN ('granted', 'cancelled') AND (
  SELECT count(*) FROM pic_judgement JOIN agenda_item ON agenda_item.id = agenda_item_id
  WHERE project_id = project.id AND verdict = 'met') < 3"""
ACCOUNT = """
SELECT COALESCE(SUM(CASE WHEN target = :name THEN amount_cents ELSE 0 END), 0)
  - COALESCE(SUM(CASE WHEN source = :name THEN amount_cents ELSE 0 END), 0) FROM ledger_entry WHERE call_id = :call"""
QUORUM = """
SELECT count(*), COALESCE(SUM(CASE WHEN EXISTS (
    SELECT 1 FROM attendance WHERE seat_id IN (seat.id, proxy.holder_id) AND session_id = :session AND left_at IS NULL
    AND seat_id NOT IN (SELECT seat_id FROM recusal WHERE agenda_item_id = :item)) THEN 1 ELSE 0 END), 0)
FROM seat LEFT JOIN proxy ON proxy.giver_id = seat.id AND proxy.session_id = :session AND proxy.ended_at IS NULL
WHERE seat.id NOT IN (SELECT seat_id FROM recusal WHERE agenda_item_id = :item)"""


def unbalanced(call_id: int, envelope_cents: int) -> list[str]:
    """What the entries say against what the counters say, and against what may be."""
    kinds = rows("SELECT DISTINCT source FROM ledger_entry UNION SELECT DISTINCT target FROM ledger_entry")
    sums = {name: db.session.scalar(text(ACCOUNT), {"name": name, "call": call_id}) for (name,) in kinds}
    counters = rows(
        "SELECT envelope_cents, reserved_cents, committed_cents, paid_cents FROM funding_call WHERE id = :id", id=call_id
    )
    envelope, reserved, committed, paid = counters[0]
    granted = "SELECT COALESCE(SUM(granted_cents), 0) FROM project WHERE call_id = :id"
    inside = {name: cents for name, cents in sums.items() if name != "funders"}
    faults = {
        "accounts cancel out": sum(sums.values()) == 0,
        "no account is overdrawn": min(inside.values()) >= 0,
        "envelope": envelope == envelope_cents == -sums["funders"],
        "reserved": reserved == sums.get("reserved", 0),
        "nothing above the envelope": 0 <= reserved + committed <= envelope,
        "paid within promised": 0 <= paid <= committed,
        "granted projects were promised": db.session.scalar(text(granted), {"id": call_id}) == db.session.scalar(
            text("SELECT COALESCE(SUM(amount_cents), 0) FROM ledger_entry WHERE kind = 'commitment' AND call_id = :id"), {"id": call_id}
        ),
    }  # fmt: skip
    return [name for name, is_so in faults.items() if not is_so]


def has_quorum(session_id: int, item_id: int) -> bool:
    """At least half of the members who have no part in the item, there or represented by somebody who has none."""
    [(members, counted)] = rows(QUORUM, session=session_id, item=item_id)
    return counted * 2 >= members and counted > 0
