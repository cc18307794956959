"""One act on several files: tried first and undone, so that what is shown is what will be; then done, one transaction for each file.

Each file goes through its own step's service, with its own checks: what one refuses stops none of the others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from citizen.committees import services as committees
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.kernel.words import N_
from citizen.mail.models import Letter
from citizen.nqe import registration
from citizen.projects import reporting, services
from citizen.projects.models import Project
from citizen.region.requests import Waiting, chosen
from citizen.web.filters import say

MOST = 100
USUAL_TIME = timedelta(days=15)  # to give an opinion, when no day is told
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """What may be done to several files: the fields that it asks, and the service of each file."""

    label: str
    do: Callable[[Actor, int, Values], object]
    fields: tuple[str, ...] = ()


def _inscribe(actor: Actor, project_id: int, values: Values) -> object:
    if not values["session"]:
        raise Invalid("session", _("Choisissez une séance."))
    return committees.inscribe(actor, values["session"], project_id)


def _ask(actor: Actor, project_id: int, values: Values) -> object:
    """The Region asks on what it decides, the summers: a works' opinion is asked by the commune that studies it, by its own step, and the
    committee of a PIC hears the team itself. All leave by ``projects.requests``."""
    if not values["body"]:
        raise Invalid("body", _("Écrivez à qui l’avis est demandé."))
    return registration.ask_opinion(actor, project_id, **{name: values[name] for name in ACTS["ask_opinion"].fields})


ACTS: dict[str, Act] = {
    "admit": Act(N_("Déclarer recevables"), lambda actor, number, _values: services.take(actor, number, "admit")),
    "not_admit": Act(
        N_("Déclarer non recevables"), lambda actor, number, values: reporting.not_admit(actor, number, reason=values["reason"]),
        ("reason",),
    ),
    "inscribe": Act(N_("Inscrire à une séance"), _inscribe, ("session",)),
    "ask_opinion": Act(N_("Demander un avis par un lien"), _ask, ("level", "body", "email", "due_on")),
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What an act makes of one file; ``why`` it cannot, or nothing."""

    file: Waiting
    after: str = ""
    letters: int = 0
    why: str = ""

    @property
    def said(self) -> str:
        """In words."""
        moved = _("« %(before)s » devient « %(after)s »", before=say(self.file.state_label), after=self.after)
        told = ngettext("%(num)s lettre part", "%(num)s lettres partent", self.letters) if self.letters else ""
        return " ; ".join(
            filter(None, (moved if self.after != say(self.file.state_label) else _("reste à la même étape"), told))
        )


class _Undone(Exception):
    """The trial of an act is over."""


def preview(actor: Actor, act: str, numbers: Sequence[int], values: Values) -> list[Outcome]:
    """What the act would do to each file; nothing stays of it."""
    return [_outcome(actor, act, file, values, is_trial=True) for file in chosen(numbers[:MOST])]


def carry_out(actor: Actor, act: str, numbers: Sequence[int], values: Values) -> list[Outcome]:
    """Does it to each file that takes it, one transaction each."""
    return [_outcome(actor, act, file, values, is_trial=False) for file in chosen(numbers[:MOST])]


def _outcome(actor: Actor, act: str, file: Waiting, values: Values, *, is_trial: bool) -> Outcome:
    found = Outcome(file)
    try:
        with transaction():
            letters = select(func.count(Letter.id))
            before = db.session.scalar(letters) or 0
            ACTS[act].do(actor, file.id, values)
            after = say(db.session.get_one(Project, file.id).where_it_stands.label)
            found = Outcome(file, after, (db.session.scalar(letters) or 0) - before)
            if is_trial:
                raise _Undone
    except _Undone:
        pass
    except Forbidden:
        return Outcome(file, why=_("Cette étape n’est pas la vôtre sur ce dossier."))
    except NotReady as error:
        return Outcome(file, why=_("Il manque : %(what)s.", what=", ".join(say(one.title) for one in error.findings)))
    except (Invalid, NotNow) as error:
        return Outcome(file, why=str(error))
    return found
