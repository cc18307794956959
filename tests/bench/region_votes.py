"""The votes of a region of full size: a box for each works campaign, and what its count kept."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert

from citizen.ballots.count_models import PollCount
from citizen.ballots.models import Poll, PollOption, PollResult
from citizen.projects.models import Project
from tests.bench.region_ground import FTU_FUNDS, OPTIONS, YEARS, Rows, table


def polls(rows: Rows) -> None:
    """A vote for each works campaign, on its projects."""
    mine: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for project in rows[table(Project)]:
        if project["scheme"] == "ftu":
            mine[project["call_id"]].append(project)
    for number, (call, projects) in enumerate(mine.items(), start=1):
        opens = projects[0]["lodged_at"] + timedelta(10)
        rows[table(Poll)].append(
            {"id": number, "call_id": call, "title": f"Vote {number}", "electorate": "J’habite la commune", "max_choices": 3,
             "envelope_cents": sum(one["requested_cents"] for one in projects) // 2, "opens_at": opens,
             "closes_at": opens + timedelta(9), "tallied_at": opens + timedelta(9, 60), "ballot_count": 0}
        )  # fmt: skip
        for rank, project in enumerate(projects):
            rows[table(PollOption)].append(
                {"id": (number - 1) * OPTIONS + rank + 1, "poll_id": number, "project_id": project["id"], "number": rank + 1,
                 "title": project["title"], "cost_cents": project["requested_cents"], "sector": f"Quartier {rank % 3}"}
            )  # fmt: skip


def box(connection: Connection, ballots: int) -> None:
    """Ballots of three different projects, over the votes in turn."""
    votes = YEARS * FTU_FUNDS
    chance = "(CAST(i AS BIGINT) * 2654435761) % 4294967296"  # looks like chance, and is the same on each run
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {ballots - 1})"
    ranks = ", ranks(rank) AS (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3)"
    second = f"1 + ({chance} / 977) % 2"
    place = f"({chance} / 31 + CASE rank WHEN 1 THEN 0 WHEN 2 THEN {second} ELSE {second} + 1 + ({chance} / 13999) % 2 END) % {OPTIONS}"
    run = connection.exec_driver_sql
    modulo = "%%" if connection.dialect.name == "postgresql" else "%"
    run(
        f"INSERT INTO ballot (receipt, poll_id) {numbers} SELECT 'R' || (1000000 + i), 1 + i % {votes} FROM n".replace(
            "%", modulo
        )
    )
    run(
        f"INSERT INTO ballot_choice (receipt, option_id, poll_id, rank) {numbers}{ranks} "
        f"SELECT 'R' || (1000000 + i), (i % {votes}) * {OPTIONS} + 1 + {place}, 1 + i % {votes}, rank FROM n CROSS JOIN ranks".replace(
            "%", modulo
        )
    )


def count(connection: Connection) -> None:
    """The most voted first, under the envelope, as the count keeps it."""
    run = connection.exec_driver_sql
    run("UPDATE poll SET ballot_count = (SELECT count(*) FROM ballot WHERE ballot.poll_id = poll.id)")
    votes = dict(tuple(row) for row in run("SELECT option_id, count(*) FROM ballot_choice GROUP BY option_id"))
    costs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for poll, option, cost in run("SELECT poll_id, id, cost_cents FROM poll_option ORDER BY id"):
        costs[poll].append((option, cost))
    results, counts = [], []
    for poll, left in run("SELECT id, envelope_cents FROM poll ORDER BY id").fetchall():
        ordered, lines = sorted(costs[poll], key=lambda one: (-votes.get(one[0], 0), one[1])), []
        for option, cost in ordered:
            lines.append({"option_id": option, "is_selected": cost <= left, "remaining_cents": left, "said": []})
            left -= cost if cost <= left else 0
        results.extend({"position": n, "votes": votes.get(one["option_id"], 0), **one} for n, one in enumerate(lines, start=1))
        counts.append(
            {"poll_id": poll, "rule": "greedy:cost", "left_cents": left, "served": 0, "is_recounted": False, "lines": lines}
        )
    connection.execute(insert(table(PollResult)), results)
    connection.execute(insert(table(PollCount)), counts)
