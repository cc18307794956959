"""Taking a project through its life: propose, orient, write, take a step, decide, tell, report."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from citizen import clock
from citizen.db import db, transaction
from citizen.funds import ledger
from citizen.funds.models import Call
from citizen.journal import services as journal
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid, blocking
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady, Step
from citizen.kernel.words import plain
from citizen.people.models import Duty
from citizen.people.services import require_verified
from citizen.places import queries as places
from citizen.places.models import Perimeter
from citizen.projects import letters, queries, versions
from citizen.projects.models import Decision, Follow, Project
from citizen.projects.steps import DECISIONS, S
from citizen.projects.team_models import Point

Effect = Callable[[Project], None]
LODGINGS = frozenset({"lodge", "share"})  # who writes may go on while somebody else's word is awaited


def propose(actor: Actor, *, title: str, summary: str, **values: Any) -> Project:
    """An idea in five lines; the actor becomes its bearer."""
    if actor.person_id is None:
        raise Forbidden("propose")
    require_verified(actor)
    moment = clock.now()
    with transaction():
        project = Project(
            title=title, summary=summary, bearer_id=actor.person_id, created_at=moment, changed_at=moment, **values
        )
        put(project, project.commune_code, project.perimeter_id, place="", lon=None, lat=None)
        db.session.add(project)
        db.session.flush()
        db.session.add(Duty(person_id=actor.person_id, role=Role.BEARER, on=project.on))
        db.session.add(Follow(project_id=project.id, person_id=actor.person_id))
        _index(project)
        journal.record(actor, project.on, "proposed", after=project.state)
        return project


def orient(actor: Actor, project_id: int, kind: type[Project], call_id: int | None = None) -> Project:
    """Takes the idea or the draft into the scheme of ``kind``; everything written is carried over.

    The row keeps its number and its address: only its class changes, and the columns of the former scheme stay.
    """
    with transaction():
        project = locked(project_id)
        judge(actor, project, "orient")
        if call_id is not None:
            call = db.session.get_one(Call, call_id)
            if call.scheme != kind.rules.code:
                raise Invalid("call", _("Cette période de dépôt est celle d’un autre dispositif."))
        before, own = project.state, kind.__table__
        db.session.flush()
        db.session.expunge(project)
        whole = Project.__table__
        db.session.execute(
            update(whole).where(whole.c.id == project_id).values(
                scheme=kind.rules.code, state=S.DRAFT, call_id=call_id, ruleset_id=None, lodged_at=None,
                is_public=False, is_location_confirmed=None, changed_at=clock.now(), advised="",
            )
        )  # fmt: skip
        if not db.session.scalar(select(own.c.id).where(own.c.id == project_id)):
            db.session.execute(insert(own).values(id=project_id))
        journal.record(actor, f"project:{project_id}", "oriented", before=before, after=S.DRAFT, reason=kind.rules.code)
        return locked(project_id)


def edit(actor: Actor, project_id: int, change: Effect, *, action: str = "edit", is_unfinished: bool = False) -> Project:
    """Applies ``change`` to what the team writes (« edit » the file, « write_report »), when the team may still write.

    A sentence in the middle of its writing (``is_unfinished``) is not yet the new text of an idea that residents support.
    """
    with transaction():
        project = locked(project_id)
        judge(actor, project, action)
        change(project)
        _total(project)
        _index(project)
        versions.note_writing(actor, project)
        if project.state == S.IDEA and not is_unfinished:
            _publish_changes(project)
        return project


def _publish_changes(project: Project) -> None:
    db.session.flush()
    db.session.expire(project, ["commune", "perimeter"])
    if versions.is_rewritten(project):
        publish_text(project)


def publish_text(project: Project) -> None:
    """Everybody reads this text from now on; those who supported the former one are told; part of the caller's transaction."""
    versions.keep(project)
    db.session.flush()
    letters.tell_supporters(project)


def take(actor: Actor, project_id: int, action: str, *, reason: str = "", effect: Effect | None = None) -> Project:
    """Takes one step of the table: judged under the lock, with its effect, its event and its letters, or not at all.

    Raises Forbidden, NotNow, NotReady (with the findings), or Invalid for a missing reason.
    """
    with transaction():
        project = locked(project_id)
        step = judge(actor, project, action)
        if step.asks_reason and not reason.strip():
            raise Invalid("reason", _("Dites pourquoi, en une phrase : la personne la lira."))
        missing = [
            found for found in blocking(queries.findings_for(project, action)) if not (action in LODGINGS and found.is_awaited)
        ]
        if missing:
            raise NotReady(missing)
        before = project.state
        if effect:
            effect(project)
        if step.after and step.after != before:
            project.state = step.after
            project.is_public = project.where_it_stands.is_public and not project.is_hidden
            project.changed_at = clock.now()
        db.session.flush()
        if before == S.ADMISSIBLE != project.state and project.call_id:
            ledger.reserve(actor, project.call_id, project.id, 0)  # what was kept for a decision is free again
        journal.record(actor, project.on, action, before=before, after=project.state, reason=reason)
        letters.tell_step(project, step, reason)
        return project


def lodge(actor: Actor, project_id: int) -> Project:
    """Lodges the project: it keeps the rules in force that day. NotNow until the address of who lodges has answered."""
    require_verified(actor)

    def keep_rules(project: Project) -> None:
        assert project.call is not None
        project.ruleset_id = project.ruleset_id or project.call.fund.ruleset_on(clock.today()).id
        project.lodged_at = project.lodged_at or clock.now()
        publish_text(project)

    return take(actor, project_id, "lodge", effect=keep_rules)


def decide(
    actor: Actor, project_id: int, action: str, *, amount_cents: int | None = None, reason: str, asked: str = "", act_reference: str = "",
    evidence: dict[str, Any] | None = None, effect: Effect | None = None,
) -> Project:  # fmt: skip
    """A decision (one of ``DECISIONS``): the step, its record, and the money promised under the envelope's lock."""
    outcome = DECISIONS[action].outcome

    def decided(project: Project) -> None:
        if effect:
            effect(project)
        judged = evidence or evidence_of(project)  # read before the amount is written: reading flushes what is half decided
        if amount_cents is not None:
            if amount_cents <= 0:
                raise Invalid("amount", _("Le montant accordé est plus grand que zéro."))
            assert project.call_id is not None
            ledger.promise(actor, project.call_id, project.id, amount_cents)
            project.granted_cents, project.decided_on = amount_cents, clock.today()
        if action == "defer":  # what the committee asks is answered like any other point
            project.points.append(Point(words=asked or reason, asked_at=clock.now(), asked_by=actor.person_id))
        db.session.add(
            Decision(
                project_id=project.id, outcome=outcome, amount_cents=amount_cents, reason=reason,
                act_reference=act_reference, evidence=judged,
                decided_on=clock.today(), decided_by=actor.person_id,
            )
        )  # fmt: skip

    if not reason.strip():
        raise Invalid("reason", _("Écrivez la raison : elle sera publiée avec la décision."))
    return take(actor, project_id, action, reason=reason, effect=decided)


def follow(actor: Actor, project_id: int, *, is_following: bool) -> None:
    """Starts or stops the letters about a project."""
    if actor.person_id is None:
        raise Forbidden("follow")
    with transaction():
        project = db.session.get_one(Project, project_id)
        if not queries.may_see(actor, project):
            raise Forbidden("follow")
        kept = db.session.get(Follow, (project_id, actor.person_id), with_for_update=True)
        if is_following and kept is None:
            db.session.add(Follow(project_id=project_id, person_id=actor.person_id))
        elif not is_following and kept is not None:
            db.session.delete(kept)


def locked(project_id: int) -> Project:
    """The project as it is now, held until the transaction ends."""
    return db.session.get_one(Project, project_id, with_for_update={"of": Project.__table__}, populate_existing=True)


def judge(actor: Actor, project: Project, action: str) -> Step:
    """The step, when the actor may take it now; Forbidden or NotNow with a sentence."""
    roles = queries.roles_on(actor, project)
    step = project.rules.lifecycle.step(action)
    if step and step.never and project.had_part(actor.person_id):
        raise Forbidden(action)
    try:
        return project.rules.lifecycle.judge(action, project.state, roles)
    except NotNow as error:
        label = _(str(error))
        raise NotNow(_("Ce n’est pas possible maintenant : le projet est « %(state)s ».", state=label)) from None


def evidence_of(project: Project) -> dict[str, Any]:
    """The findings as they stood, kept with the decision."""
    found = queries.findings_for(project, "lodge")
    return {item.slug: {"status": item.status, "fact": str(item.fact), "source": str(item.source)} for item in found}


def put(
    project: Project, commune: str | None, perimeter: int | None, *, place: str, lon: float | None, lat: float | None
) -> None:
    """Says where the project happens; a point on the map wins over the list, because it says more."""
    project.place, project.lon, project.lat, project.is_location_confirmed = place, lon, lat, None
    project.commune_code, project.perimeter_id = commune, perimeter
    if lon is not None and lat is not None:
        found = places.locate(lon, lat, on=clock.today())
        project.location, project.perimeter_id = found.status, found.perimeter_id
    else:
        project.location = "inside" if perimeter else "outside" if commune else ""
    if project.perimeter_id:
        communes = [commune.code for commune in db.session.get_one(Perimeter, project.perimeter_id).communes]
        if project.commune_code not in communes:
            project.commune_code = communes[0] if communes else project.commune_code


def _total(project: Project) -> None:
    budget = project.budget
    project.cost_cents, project.requested_cents = budget.expenses, budget.grant


def _index(project: Project) -> None:
    project.search_text = plain(" ".join((project.title, project.summary, project.description, project.place)))
