"""Works followed in public: milestones, money, photos of a same spot; who follows is told once a day of what moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from citizen import clock
from citizen.db import db, transaction
from citizen.files import services as files
from citizen.ftu import letters
from citizen.ftu.milestones import KINDS, Stage, faults
from citizen.ftu.models import FtuProject
from citizen.ftu.works_models import Milestone, WorksMoney, WorksMove, WorksPhoto
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.money import euros
from citizen.projects import services as projects
from citizen.projects.budget import Attachment
from citizen.web.filters import day, say

MOST_SPOTS = 20


@dataclass(frozen=True)
class Told:
    """What the commune says of one milestone."""

    planned_on: date | None
    done_on: date | None = None
    responsible: str = ""
    cause: str = ""
    reservations: str = ""


def milestones_of(project_id: int) -> dict[str, Milestone]:
    """The milestones that were told, in their order."""
    found = {one.kind: one for one in db.session.scalars(select(Milestone).where(Milestone.project_id == project_id))}
    return {kind: found[kind] for kind in KINDS if kind in found}


def _followed(actor: Actor, project_id: int) -> FtuProject:
    """The works, held, for the commune while they are under way."""
    project = cast(FtuProject, projects.locked(project_id))
    projects.judge(actor, project, "follow_works")
    return project


def follow(actor: Actor, project_id: int, told: Mapping[str, Told]) -> list[str]:
    """Where the works stand, milestone by milestone; gives what moved, in sentences. A delay says its cause."""
    with transaction():
        _followed(actor, project_id)
        kept = milestones_of(project_id)
        stages = {kind: _stage(kept.get(kind), one) for kind, one in told.items() if one.planned_on or one.done_on}
        for kind in kept:
            if kind not in stages:
                raise Invalid(f"planned_{kind}", _("Ce jour a été annoncé : changez-le plutôt que de l’effacer."))
        for kind, sentence in faults(stages, clock.today()):
            field = "done" if stages[kind].done_on else "planned"
            raise Invalid(f"{field}_{kind}", say(sentence))
        moved = [move for kind, stage in stages.items() if (move := _keep(project_id, kind, stage, told[kind], kept.get(kind)))]
        for text in moved:
            db.session.add(WorksMove(project_id=project_id, text=text, at=clock.now()))
            journal.record(actor, f"project:{project_id}", "works_moved", reason=text)
        return moved


def _stage(kept: Milestone | None, told: Told) -> Stage:
    planned = told.planned_on or told.done_on
    assert planned is not None
    return Stage(kept.promised_on if kept else planned, planned, told.done_on)


def _keep(project_id: int, kind: str, stage: Stage, told: Told, kept: Milestone | None) -> str:
    """Keeps one milestone; gives what moved, in a sentence, or nothing."""
    is_late = max(stage.planned_on, stage.done_on or stage.planned_on) > stage.promised_on
    if is_late and not told.cause.strip():
        raise Invalid(f"cause_{kind}", _("C’est plus tard que promis : dites pourquoi, en une phrase."))
    before = (kept.planned_on, kept.done_on) if kept else None
    one = kept or Milestone(project_id=project_id, kind=kind, promised_on=stage.promised_on)
    one.planned_on, one.done_on, one.responsible = stage.planned_on, stage.done_on, told.responsible.strip()
    one.cause = told.cause.strip() if is_late else ""
    one.reservations = told.reservations.strip() if KINDS[kind].has_reservations else ""
    db.session.add(one)
    db.session.flush()
    return _said(one) if before != (stage.planned_on, stage.done_on) else ""


def _said(one: Milestone) -> str:
    kind = KINDS[one.kind]
    if one.done_on:
        parts = [_("%(done)s, le %(day)s.", done=say(kind.done), day=day(one.done_on))]
        parts += [_("Réserves : %(words)s", words=one.reservations)] if one.reservations else []
    elif one.planned_on > one.promised_on:
        later = {"label": say(kind.label), "day": day(one.planned_on), "promised": day(one.promised_on)}
        parts = [_("%(label)s : prévu le %(day)s, au lieu du %(promised)s.", **later)]
    else:
        parts = [_("%(label)s : prévu le %(day)s.", label=say(kind.label), day=day(one.planned_on))]
    return " ".join([*parts, *([_("Pourquoi : %(cause)s", cause=one.cause)] if one.cause else [])])


@dataclass(frozen=True)
class Money:
    """What was asked of the Region and answered (``agreed_cents`` 0: refused), and what the works really cost."""

    asked_cents: int | None = None
    asked_on: date | None = None
    agreed_cents: int | None = None
    answered_on: date | None = None
    reference: str = ""
    real_cents: int | None = None


def money_of(project_id: int) -> WorksMoney | None:
    return db.session.get(WorksMoney, project_id)


def most_asked(project: FtuProject) -> int:
    """The Region's share at most: the rate of the rules on what is financed; all of it when the rules give no rate."""
    rate = project.terms.region_rate_percent
    granted = project.granted_cents or 0
    return granted if rate is None else granted * rate // 100


def account(actor: Actor, project_id: int, money: Money) -> WorksMoney:
    """Keeps the money of the works; what they cost less than financed is free again when they are closed."""
    with transaction():
        project = _followed(actor, project_id)
        _check(money, most_asked(project))
        kept = money_of(project_id) or WorksMoney(project_id=project_id)
        for name, value in vars(money).items():
            setattr(kept, name, value.strip() if isinstance(value, str) else value)
        db.session.add(kept)
        db.session.flush()
        journal.record(actor, project.on, "works_money", reason=kept.reference)
        return kept


def _check(money: Money, most: int) -> None:
    today = clock.today()
    asked, answered = money.asked_cents is not None, money.agreed_cents is not None
    rules = (
        ("asked", asked and not 0 < (money.asked_cents or 0) <= most,
         _("Entre 1 centime et %(most)s : ce que permettent le financement et le taux du règlement.", most=euros(most))),
        ("asked_on", asked and (money.asked_on is None or money.asked_on > today), _("Écrivez le jour de la demande.")),
        ("asked", not asked and (money.asked_on is not None or answered), _("Écrivez le montant demandé.")),
        ("agreed", answered and not 0 <= (money.agreed_cents or 0) <= (money.asked_cents or 0),
         _("Pas plus que le montant demandé. 0 : la Région a refusé.")),
        ("answered_on", answered and not (money.asked_on and money.answered_on and money.asked_on <= money.answered_on <= today),
         _("Écrivez le jour de la réponse, après la demande.")),
        ("agreed", not answered and money.answered_on is not None, _("Écrivez le montant accordé. 0 : la Région a refusé.")),
        ("reference", answered and not money.reference.strip(), _("Écrivez la référence de la réponse.")),
        ("real", money.real_cents is not None and money.real_cents <= 0, _("Le coût réel est plus grand que zéro.")),
    )  # fmt: skip
    for field, is_wrong, sentence in rules:
        if is_wrong:
            raise Invalid(field, sentence)


def photos_of(project_id: int) -> list[WorksPhoto]:
    """Each spot, before and after, in the order in which they were taken."""
    pair = (joinedload(getattr(WorksPhoto, name)).joinedload(Attachment.document) for name in ("before", "after"))
    query = select(WorksPhoto).where(WorksPhoto.project_id == project_id).options(*pair).order_by(WorksPhoto.id)
    return list(db.session.scalars(query))


def photograph(actor: Actor, project_id: int, *, spot: str, prepared: files.Prepared) -> WorksPhoto:
    """A spot before the works."""
    with transaction():
        project = _followed(actor, project_id)
        if len(photos_of(project_id)) >= MOST_SPOTS:
            raise Invalid("spot", _("%(count)d endroits au plus.", count=MOST_SPOTS))
        before = _attach(actor, project, prepared, _("Avant : %(spot)s", spot=spot))
        found = WorksPhoto(project_id=project_id, spot=spot.strip(), before_id=before.id)
        db.session.add(found)
        db.session.flush()
        journal.record(actor, project.on, "works_photo", reason=spot)
        return found


def photograph_again(actor: Actor, photo_id: int, prepared: files.Prepared) -> WorksPhoto:
    """The same spot, from the same place, after the works; taken again, it replaces the one before."""
    with transaction():
        found = db.session.get_one(WorksPhoto, photo_id)
        project = _followed(actor, found.project_id)
        former = found.after
        found.after_id = _attach(actor, project, prepared, _("Après : %(spot)s", spot=found.spot)).id
        if former:
            project.attachments.remove(former)
            db.session.flush()
            files.remove(actor, former.document_id)
        db.session.flush()
        text = _("Une photo d’après les travaux : %(spot)s.", spot=found.spot)
        db.session.add(WorksMove(project_id=project.id, text=text, at=clock.now()))
        journal.record(actor, project.on, "works_photo", reason=found.spot)
        return found


def _attach(actor: Actor, project: FtuProject, prepared: files.Prepared, caption: str) -> Attachment:
    made = Attachment(document_id=files.keep(actor, prepared).id, kind="photo", caption=caption)
    project.attachments.append(made)
    db.session.flush()
    return made


def moves_of(project_id: int) -> list[WorksMove]:
    """What moved, the last first."""
    query = select(WorksMove).where(WorksMove.project_id == project_id).order_by(WorksMove.id.desc())
    return list(db.session.scalars(query))


def tell_all() -> int:
    """Tells who follows each works what moved since the last letter: one letter a day, whatever moved; gives how many left."""
    waiting = select(WorksMove.project_id).where(WorksMove.told_at.is_(None)).distinct().order_by(WorksMove.project_id)
    return sum(_tell(project_id) for project_id in db.session.scalars(waiting).all())


def _tell(project_id: int) -> int:
    with transaction():
        project: Any = projects.locked(project_id)
        query = select(WorksMove).where(WorksMove.project_id == project_id, WorksMove.told_at.is_(None))
        moved = db.session.scalars(query.order_by(WorksMove.id)).all()
        for one in moved:
            one.told_at = clock.now()
        return letters.tell_moves(project, [one.text for one in moved]) if moved else 0
