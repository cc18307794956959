"""What was written, by whom and when: days of writing, a copy at each lodging, and what changed between two copies."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from citizen import clock
from citizen.db import db
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.money import euros
from citizen.people.models import Person
from citizen.projects.budget import BudgetLine, budget_of
from citizen.projects.idea_models import Support
from citizen.projects.models import Project
from citizen.projects.rules import CommonFacts, Member
from citizen.projects.team_models import Version, WritingDay
from citizen.web.filters import day, say

Content = dict[str, Any]
F = TypeVar("F", bound=CommonFacts)


def note_writing(actor: Actor, project: Project) -> None:
    """Keeps that the actor wrote today; a helper's day says so in the project's story."""
    here = (project.id, actor.person_id, clock.today())
    if actor.person_id is None or db.session.get(WritingDay, here) is not None:
        return
    db.session.add(WritingDay(project_id=here[0], person_id=here[1], on=here[2]))
    if actor.person_id not in project.member_ids:
        journal.record(actor, project.on, "written_with_help")


def days_of_writing(project: Project) -> dict[int, int]:
    """On how many days each person wrote."""
    query = select(WritingDay.person_id, func.count()).where(WritingDay.project_id == project.id)
    return dict(db.session.execute(query.group_by(WritingDay.person_id)).all())


# --- Copies ---


def keep(project: Project) -> None:
    """What everybody reads from now on: the file as it is lodged, or the text of an idea; part of its transaction.

    Who supports the text before, and only that one, has to read the new one; when no word changed, supports follow by themselves.
    """
    last, content = newest(project), content_of(project)
    number = last.number + 1 if last else 1
    db.session.add(Version(project_id=project.id, number=number, at=clock.now(), content=content))
    if last and _text(last.content) == _text(content):
        known = update(Support).where(Support.project_id == project.id, Support.version == last.number)
        db.session.execute(known.values(version=number))


def newest(project: Project) -> Version | None:
    """The text that everybody reads."""
    query = select(Version).where(Version.project_id == project.id).order_by(Version.number.desc()).limit(1)
    return db.session.scalars(query).one_or_none()


def is_rewritten(project: Project) -> bool:
    """Whether an idea that everybody reads says something else than when its text was kept last."""
    last = newest(project)
    return last is not None and _text(last.content) != _text(content_of(project))


def text_of(version: Version) -> Content:
    """What anybody may read of a version: its text and its place, neither the team nor the papers."""
    return {"organisation": "", "team": []} | _text(version.content)


def _text(content: Content) -> Content:
    return {name: content[name] for name in ("fields", "place")}


def content_of(project: Project) -> Content:
    """All that the team wrote; of people with an account, their number only; of their homes, how many."""
    named = [name for fields in project.written.values() for name, _label in fields]
    return {
        "fields": {name: _plain(getattr(project, name)) for name in named},
        "place": [project.commune.name if project.commune else "", project.perimeter.name if project.perimeter else ""],
        "organisation": project.organisation.name if project.organisation else "",
        "team": [
            {"id": one.id, "person": one.person_id, "name": "" if one.person_id else one.name, "said": one.task,
             "presents": one.is_presenter}
            for one in project.team
        ],
        "homes": len({one.household for one in project.team}),
        "lines": [
            {"id": one.id, "name": one.label, "kind": one.kind_label, "account": one.account, "cents": one.amount_cents}
            for one in project.lines
        ],
        "documents": [
            {"id": one.id, "name": one.caption or one.document.name, "kind": one.kind_label, "sort": one.kind}
            for one in project.attachments
        ],
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def as_written(facts: F, content: Content) -> F:
    """These facts with what the copy says in place of what the file says today; a copy without its accounts changes nothing."""
    if not all("account" in line for line in content["lines"]):
        return facts
    papers: dict[str, list[str]] = {}
    for one in content["documents"]:
        papers.setdefault(one["sort"], []).append(one["name"])
    said: dict[str, Any] = content["fields"] | {
        "place": content["fields"]["place"] or content["place"][1],
        "themes": tuple(content["fields"]["themes"]),
        "team": tuple(
            Member(one["name"], min(rank, content["homes"]), one["presents"]) for rank, one in enumerate(content["team"], 1)
        ),
        "budget": budget_of(
            BudgetLine(account=one["account"], label=one["name"], amount_cents=one["cents"]) for one in content["lines"]
        ),
        "quotes": len(papers.get("quote", ())), "photos": len(papers.get("photo", ())), "pieces": tuple(papers.get("required", ())),
    }  # fmt: skip
    days = {name: date.fromisoformat(said[name]) for name in ("starts_on", "ends_on") if said[name]}
    known = {one.name for one in fields(facts)}
    return replace(facts, **{name: value for name, value in (said | days).items() if name in known})


def at_request(project: Project) -> Version | None:
    """The version that was read when something was last asked; None when nothing was lodged since."""
    asked_at = max((point.asked_at for point in project.points), default=None)
    read = [one for one in project.versions if asked_at and one.at <= asked_at]
    return read[-1] if read and read[-1] is not project.versions[-1] else None


# --- Differences ---


@dataclass(frozen=True)
class Piece:
    """Some words of a text: « same », « added » or « removed »."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """What changed: « added », « removed » or « changed », of what, and the words."""

    kind: str
    label: str
    pieces: tuple[Piece, ...]


def differences(project: Project, before: Content, after: Content) -> list[Change]:
    """What changed between two copies of the same file, in the order of its parts."""
    labels = {name: label for fields in project.written.values() for name, label in fields}
    old, new = _texts(before, labels), _texts(after, labels)
    changes = [_of_text(label, old.get(name, ""), new.get(name, "")) for name, label in _named(labels)]
    names = _names(before, after)
    for part in ("team", "lines", "documents"):
        changes += _of_rows(before.get(part, []), after.get(part, []), names)
    return [change for change in changes if change]


def _named(labels: dict[str, str]) -> list[tuple[str, str]]:
    return [
        *((name, say(label)) for name, label in labels.items()),
        ("", _("Commune et quartier")),
        ("*", _("Qui porte le projet")),
    ]


def _texts(content: Content, labels: dict[str, str]) -> dict[str, str]:
    """Every field in words."""
    said = {name: _words(name, content["fields"].get(name)) for name in labels}
    return said | {"": ", ".join(filter(None, reversed(content["place"]))), "*": content["organisation"]}


def _words(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if name.endswith("_cents"):
        return euros(value)
    if name.endswith("_on"):
        return day(date.fromisoformat(value))
    if isinstance(value, dict):
        return ", ".join(f"{say(key)} : {said}" for key, said in value.items())
    return ", ".join(say(one) for one in value) if isinstance(value, list) else str(value)


def _of_text(label: str, old: str, new: str) -> Change | None:
    if old == new:
        return None
    if not old or not new:
        return Change("added" if new else "removed", label, (Piece("added" if new else "removed", new or old),))
    return Change("changed", label, tuple(_compared(re.findall(r"\s+|[^\s]+", old), re.findall(r"\s+|[^\s]+", new))))


def _compared(old: list[str], new: list[str]) -> Iterator[Piece]:
    for kind, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(old[start:end]))
            continue
        if start < end:
            yield Piece("removed", "".join(old[start:end]))
        if first < last:
            yield Piece("added", "".join(new[first:last]))


def _of_rows(old: list[Content], new: list[Content], names: dict[int, str]) -> Iterator[Change | None]:
    """Rows are known by their number: written again, a row is another."""
    former, latter = {row["id"]: row for row in old}, {row["id"]: row for row in new}
    for key in sorted(former.keys() | latter.keys()):
        was, now = former.get(key), latter.get(key)
        told = now or was or {}
        label = names.get(told["person"], _("une personne")) if told.get("person") else told["name"]
        yield _of_text(label, _row(was), _row(now))


def _row(row: Content | None) -> str:
    if row is None:
        return ""
    said = [row["name"], say(row.get("kind", "")), row.get("said", ""), _("présente le projet") if row.get("presents") else ""]
    return " · ".join([one for one in said if one] + ([euros(row["cents"])] if "cents" in row else [])) or _("dans l’équipe")


def _names(*contents: Content) -> dict[int, str]:
    """The names that people with an account bear today."""
    ids = {row["person"] for content in contents for row in content["team"] if row["person"]}
    return dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())
