"""The projects of a region of full size: each at its stage, with its committee, its money and its report."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from citizen import clock
from citizen.committees.models import AgendaItem
from citizen.funds.models import Call, LedgerEntry
from citizen.journal.models import Event
from citizen.kernel.words import plain
from citizen.nqe.models import ProgrammeEvent, project_quarter
from citizen.pic.conditions import CONDITIONS
from citizen.pic.models import PicJudgement
from citizen.projects.models import Decision, Project
from citizen.projects.reports import Closing, FinalReport
from citizen.projects.steering_models import TeamCount
from citizen.region.hive_models import Publication
from citizen.region.steering_models import PromiseDay
from tests.bench.filling import WORDS
from tests.bench.region_ground import (
    A_YEAR,
    BODIES,
    COMMUNES,
    DATES,
    FTU_FUNDS,
    KINDS,
    PEOPLE,
    PIC_FUNDS,
    QUARTERS,
    YEARS,
    Rows,
    call_of,
    commune_of,
    first_year,
    fund_of,
    table,
)


def numbered(share: float) -> Iterator[tuple[str, int, int]]:
    """The scheme, the year and the rank in it of each project; a vote keeps all its projects."""
    for year in range(first_year(), first_year() + YEARS):
        for scheme, count in A_YEAR.items():
            for rank in range(count if scheme == "ftu" else max(1, int(count * share))):
                yield scheme, year, rank


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(10), UTC)


def _end(scheme: str, number: int, decided: date) -> list[tuple[str, date]]:
    """The states after it was found admissible, each with its day."""
    if number % 20 < 3:
        return [("rejected", decided)]
    life = [
        ("granted", decided),
        ("report_submitted", decided + timedelta(60 + number % 50)),
        ("closed", decided + timedelta(125)),
    ]
    if number % 20 == 3:
        life = [life[0], ("cancelled", decided + timedelta(30))]
    return [(state, day) for state, day in life if day <= clock.today() and (number % 9 or state == "granted")]


def project(rows: Rows, number: int, scheme: str, year: int, rank: int) -> None:
    place = (rank * 7 + year) % (QUARTERS - 14)  # fourteen quarters are never reached
    fund, lodged = fund_of(scheme, rank), date(year, 1, 10) + timedelta(rank * 13 % 230)
    if scheme == "ftu":
        place, lodged = fund % COMMUNES, date(year, 2, 1)
    call, decided = call_of(fund, year), lodged + timedelta(20 + number % 40)
    life = [("submitted", lodged), ("admissible", lodged + timedelta(3 + number % 9)), *_end(scheme, number, decided)]
    if scheme != "ftu" and number % 20 == 4:
        life = [life[0], ("inadmissible", life[1][1])]
    asked = {
        "pic": 40_000 + number * 700 % 60_000,
        "ftu": 500_000 + number * 1_700 % 2_000_000,
        "nqe": 500_000 + number * 900 % 500_000,
    }[scheme]
    _write_project(rows, number, scheme, life, place, asked, call)
    state = {one for one, _day in life}
    if scheme == "pic":
        rows[table(PromiseDay)].extend(_promises(number, life, decided))
    if scheme == "nqe":
        rows[project_quarter].extend(
            {"project_id": number, "perimeter_id": 1 + (place + n) % (QUARTERS - 14)} for n in range(2)
        )
        rows[table(ProgrammeEvent)].extend(_dates(number, year, place) if "granted" in state else [])
    if scheme == "pic" and life[-1][0] not in ("submitted", "inadmissible"):
        _passage(rows, number, call, decided, is_granted="granted" in state)
    _afterwards(rows, number, life, asked)


def _afterwards(rows: Rows, number: int, life: list[tuple[str, date]], asked: int) -> None:
    """What the group tells of itself, what the Region publishes, how it ended."""
    state, lodged = {one for one, _day in life}, life[0][1]
    if number % 5 == 0:
        rows[table(TeamCount)].append(
            {"project_id": number, "people": 5, "women": number % 4, "young": number % 3, "declared_at": _moment(lodged)}
        )
    if life[-1][0] in ("granted", "report_submitted", "closed"):
        rows[table(Project)][-1]["published_at"] = _moment(life[-1][1])
        rows[table(Publication)].append(
            {"project_id": number, "summary": "Un beau projet.", "has_consents": True, "names_region": True, "is_reread": True,
             "published_at": _moment(life[-1][1])}
        )  # fmt: skip
    if "closed" in state:
        rows[table(Closing)].append(
            {"project_id": number, "kind": "accepted", "eligible_cents": asked, "closed_on": life[-1][1]}
        )
    if "report_submitted" in state:
        people = 15 + number % 120
        rows[table(FinalReport)].append(
            {"project_id": number, "story": "Une belle journée.", "participants": people, "women": people // 2, "young": people // 5,
             "volunteers": number % 12, "actual_cost_cents": asked, "sent_at": _moment(life[3][1])}
        )  # fmt: skip


def _write_project(
    rows: Rows, number: int, scheme: str, life: list[tuple[str, date]], place: int, asked: int, call: int
) -> None:
    last, granted = life[-1], next((day for state, day in life if state == "granted"), None)
    title = f"{WORDS[number % 12].capitalize()} et {WORDS[number // 12 % 12]} numéro {number}"
    summary = f"On se retrouve autour d’un {WORDS[number // 144 % 12]} ouvert à tout le quartier, avec les voisins."
    rows[table(Project)].append(
        {
            "id": number, "scheme": scheme, "state": last[0], "title": title, "summary": summary, "bearer_id": 1 + number % PEOPLE,
            "themes": [("Culture", "Santé", "Nature")[number % 3]], "organisation_id": (3 + number % (BODIES - 3)) if number % 3 else None,
            "call_id": call, "ruleset_id": (call - 1) % (PIC_FUNDS + FTU_FUNDS + 1) + 1, "commune_code": commune_of(place % COMMUNES),
            "perimeter_id": place + 1 if number % 8 else None, "lon": 2.0 + number % 2000 / 1000, "lat": 49.0 + number % 1500 / 1000,
            "cost_cents": asked + 10_000, "requested_cents": asked, "granted_cents": asked if granted else None, "decided_on": granted,
            "starts_on": last[1], "ends_on": last[1], "created_at": _moment(life[0][1]), "changed_at": _moment(last[1]),
            "lodged_at": _moment(life[0][1]), "is_public": True, "published_at": None, "search_text": plain(f"{title} {summary}"),
        }
    )  # fmt: skip
    rows[table(KINDS[scheme][2])].append({"id": number})
    before: str | None = "draft"
    for state, day in life:
        rows[table(Event)].append(
            {
                "subject": f"project:{number}",
                "action": state,
                "from_state": before,
                "to_state": state,
                "reason": "",
                "at": _moment(day),
            }
        )
        before = state
        if state in ("granted", "rejected"):
            amount = asked if state == "granted" else None
            reason = "Le besoin n’est pas établi." if amount is None else "Bon pour le quartier."
            rows[table(Decision)].append(
                {
                    "id": number,
                    "project_id": number,
                    "outcome": state,
                    "amount_cents": amount,
                    "reason": reason,
                    "decided_on": day,
                }
            )
    if granted:
        entry = {"call_id": call, "project_id": number, "amount_cents": asked, "at": _moment(granted)}
        moves = [
            ("commitment", "available", "promised", granted),
            ("payment", "promised", "paid", granted + timedelta(5 + number % 30)),
        ]
        rows[table(LedgerEntry)].extend(
            entry | {"kind": kind, "source": source, "target": target, "day": day}
            for kind, source, target, day in moves[: 1 if last[0] == "cancelled" else 2]
        )


def _promises(number: int, life: list[tuple[str, date]], decided: date) -> list[dict[str, Any]]:
    done, lodged = dict(life), life[0][1]
    days = {"answered": (lodged + timedelta(45), decided)}
    if "granted" in done:
        days |= {
            "paid": (decided + timedelta(30), done["granted"]),
            "reported": (life[-1][1] + timedelta(30), done.get("report_submitted")),
        }
    return [{"project_id": number, "slug": slug, "due_on": due, "done_on": day} for slug, (due, day) in days.items()]


def _passage(rows: Rows, number: int, call: int, decided: date, *, is_granted: bool) -> None:
    """The project before its committee, condition by condition."""
    session = (call - 1) * 4 + (decided.month - 1) // 3 + 1
    rows[table(AgendaItem)].append(
        {
            "id": number,
            "session_id": session,
            "project_id": number,
            "position": 1 + number % 50,
            "hearing": "present",
            "decision_id": number,
        }
    )
    missing = None if is_granted else CONDITIONS[number % 3].slug
    rows[table(PicJudgement)].extend(
        {
            "agenda_item_id": number,
            "condition": one,
            "verdict": "not_met" if one == missing else "met",
            "reason": "Vu en séance.",
        }
        for one in (condition.slug for condition in CONDITIONS)
    )


def _dates(number: int, year: int, place: int) -> list[dict[str, Any]]:
    return [
        {"project_id": number, "title": f"Date {n}", "on": date(year, 6, 25) + timedelta((number + n * 5) % 80), "starts_at": time(14),
         "perimeter_id": 1 + (place + n % 2) % (QUARTERS - 14), "kind": "culture", "changed_at": _moment(date(year, 5, 1)),
         "place": "Place"}
        for n in range(DATES)
    ]  # fmt: skip


def envelopes(rows: Rows) -> None:
    """What each call was given, promised and paid, from the ledger."""
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for entry in rows[table(LedgerEntry)]:
        sums[entry["call_id"], entry["kind"]] += entry["amount_cents"]
    for call in rows[table(Call)]:
        promised, paid = sums[call["id"], "commitment"], sums[call["id"], "payment"]
        call |= {"envelope_cents": promised + 10_000_00, "committed_cents": promised, "paid_cents": paid}
        rows[table(LedgerEntry)].append(
            {"call_id": call["id"], "project_id": None, "amount_cents": call["envelope_cents"], "at": _moment(call["opens_on"]),
             "kind": "opening", "source": "funders", "target": "available", "day": call["opens_on"]}
        )  # fmt: skip
