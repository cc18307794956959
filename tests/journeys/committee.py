"""A committee told in pages: a browser for each person, a session opened, a file heard, voted, settled, signed, paid."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from citizen.committees.models import Session
from citizen.db import db
from citizen.kernel.access import Role
from citizen.pic.models import PicCall, PicFund, PicProject
from tests import factories, rooms
from tests.factories import PASSWORD
from tests.journeys.site import Clock, HttpSite, Site, sees, sign_in

CONDITIONS = ("Agir en citoyens", "L’intérêt de tous", "Un besoin du quartier")
IBAN = "FR76 3000 6000 0112 3456 7890 189"


class Town:
    """A fund, its people, the session of 30 March, and a browser for whoever comes: plain requests unless told otherwise."""

    def __init__(self, app: Flask, time: Clock, window: Callable[[], Site] | None = None):
        self.app, self.time = app, time
        self.window = window or (lambda: HttpSite(app, time))

    def founded(self, members: tuple[str, ...] = ("La présidence", "Une voisine"), **terms: object) -> None:
        """Its manager and treasurer have accounts; the committee sits by name."""
        with self.time.running():
            self._found(members, terms)

    def _found(self, members: tuple[str, ...], terms: dict[str, object]) -> None:
        self.call: PicCall = factories.pic_call(factories.pic_fund(**terms))
        self.fund: PicFund = self.call.fund
        self.fund_id = self.fund.id
        self.person("gestion@exemple.fr", "Gaëlle", Role.FUND_MANAGER)
        self.person("caisse@exemple.fr", "Tariq", Role.TREASURER)
        for rank, name in enumerate(members):
            rooms.seat(self.fund, office="member" if rank else "president", name=name)
        self.session: Session = factories.pic_session(self.fund)
        self.call_id, self.session_id = self.call.id, self.session.id
        self.held = self.session.held_at

    def next_session(self) -> None:
        """Another session, thirty days later."""
        with self.time.running():
            self.session = factories.pic_session(self.fund, days=30)
            self.session_id, self.held = self.session.id, self.session.held_at

    def person(self, email: str, name: str, *roles: Role) -> None:
        factories.person(email, name, duties=[(role, f"fund:{self.fund_id}") for role in roles])

    def inscribed(self, email: str = "awa@exemple.fr", name: str = "Awa Dubois", **values: object) -> int:
        """A file of this person, on the agenda."""
        who = factories.actor(factories.person(email, name))
        project: PicProject = factories.pic_inscribed(self.call, self.session, bearer=who, **values)  # type: ignore[arg-type]
        return project.id

    def browser(self, email: str = "") -> Any:
        """Somebody's own browser, signed in; a visitor's without an address."""
        db.session.rollback()
        site = self.window()
        if email:
            sign_in(site, email, PASSWORD)
        return site

    def conduct(self, *present: str) -> Any:
        """The day has come: the manager's browser, the session open, these members there."""
        self.time.moment = self.held
        site = self.browser("gestion@exemple.fr")
        site.open(self.room)
        site.press("Ouvrir la séance")
        for name in present or ("La présidence", "Une voisine"):
            site.choose(name, group="Membres")
        site.press("Noter présents")
        return site

    @property
    def room(self) -> str:
        return f"/comites/seances/{self.session_id}/salle"

    def left(self) -> int:
        """What the envelope may still give, in cents."""
        db.session.rollback()
        return db.session.get_one(PicCall, self.call_id).remaining_cents


def say(site: Site, *failing: str, because: str = "Le comité l’a vu et entendu.") -> None:
    """The committee's word on each condition of the file on screen, met but for those named."""
    for number, title in enumerate(CONDITIONS, start=1):
        site.choose("Pas remplie" if title in failing else "Remplie", group=title)
        site.fill(f"Pourquoi, en une phrase (condition {number})", because)
    site.press("Noter les trois conditions")


def decide(
    site: HttpSite, town: Town, title: str, action: str, *, amount: str = "", asked: str = "", failing: str = ""
) -> None:
    """From the room: the team heard, a proposal voted by everybody's hand, its outcome settled."""
    site.open(town.room)
    site.follow(title)
    site.press("Présente")
    say(site, failing)
    put_to_vote(site, action, amount=amount, asked=asked)
    count(site)
    site.press("Inscrire la décision")
    sees(site, "Ce point est décidé")


def put_to_vote(site: Site, action: str, *, amount: str = "", asked: str = "") -> None:
    site.choose(action, group="La décision proposée")
    if amount:
        site.fill("Montant proposé", amount)
    if asked:
        site.fill("Ce que l’équipe peut faire", asked)
    site.press("Mettre la proposition au vote")


def count(site: Site, choice: str = "Pour") -> None:
    site.choose(choice, group="Les mains levées")
    site.press("Noter et compter")


def sign_off(site: HttpSite, town: Town) -> None:
    """Closed, then signed by the manager for both offices: everything is told at once."""
    site.open(f"/comites/seances/{town.session_id}")
    site.press("Clore la séance")
    site.follow("Le procès-verbal")
    site.press("Signer le procès-verbal")
    sees(site, "signé et publié")


def pay(site: HttpSite, town: Town, amount: str, reference: str) -> None:
    """The treasurer pays all that is due, told by the bank's statement."""
    site.open(f"/tresorerie/{town.fund_id}")
    sees(site, amount)
    site.choose(f"{amount} €")
    site.press("Préparer un lot")
    site.fill("Date du relevé", town.time.moment.date().isoformat())
    site.fill("Référence", reference)
    site.press("Marquer versé")
    sees(site, "C’est noté", reference)


def see_afterwards(site: Site) -> None:
    """The three conditions, seen by the team once it is over."""
    for number, title in enumerate(CONDITIONS, start=1):
        site.choose("4", group=title)
        site.fill(f"Pourquoi, en quelques mots (condition {number})", "Nous l’avons vu.")
    site.press("Enregistrer et continuer")
