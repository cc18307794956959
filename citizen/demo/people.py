"""Who lives in the demonstration: residents, organisations, and one account for each role."""

import random
from collections.abc import Iterator

from citizen.demo import identifiers, names
from citizen.demo.days import Days
from citizen.kernel.access import PLATFORM, REGION, Actor, Role
from citizen.kernel.words import slug
from citizen.people import organisations, passwords
from citizen.people import services as people
from citizen.people.models import Organisation, Person
from citizen.people.rules import Kind
from citizen.people.signing import actor_of

PASSWORD = "quartier-2030"  # noqa: S105 — written on the sign-in page of every demonstration

# key -> (what the sign-in page calls it, the invented person)
ACCOUNTS = {
    "resident": ("Habitante, avec une idée et un dossier presque prêt", "Nadia Vermesch"),
    "bearer": ("Porteuse d’un projet PIC accordé", "Clémence Dhellemmes"),
    "helper": ("Animatrice qui aide une équipe à écrire son dossier", "Karima Bellahcene"),
    "president": ("Présidente d’une association, Nos quartiers d’été", "Fatou Desrumeaux"),
    "committee": ("Habitant, membre d’un comité de PIC", "Lucien Gajewski"),
    "chair": ("Présidente d’un comité de PIC", "Marie-Ange Delobel"),
    "manager": ("Responsable d’un fonds de PIC", "Houria Fauvarque"),
    "treasurer": ("Trésorier d’un fonds de PIC", "Marcel Vanhoutte"),
    "commune": ("Agent de la commune", "Thierry Masquelin"),
    "region": ("Agente de la Région", "Solène Ruyssen"),
    "administrator": ("Administratrice de la plateforme", "Odile Lesaffre"),
}


class Cast:
    """Everybody, made when first needed; ``actor`` acts with the duties held at that moment."""

    def __init__(self, days: Days) -> None:
        self.dice = random.Random(2030)
        self.days = days
        self._names: Iterator[str] = names.invented(self.dice)
        self._actors: dict[int, Actor] = {}
        self.residents: list[Actor] = []
        self.accounts = self._open_accounts()
        self.admin = self.account("administrator")

    def _open_accounts(self) -> dict[str, Person]:
        """The accounts that open in one click; one hash for all, because making one takes a while."""
        shared = passwords.hashed(PASSWORD)
        found = {}
        for key, (role, name) in ACCOUNTS.items():
            email = f"{slug(name.split()[0])}@demonstration.example"
            found[key] = people.create_person(email, name, is_verified=True, demo_role=role, password_hash=shared)
        people.give_duty(Actor(), found["administrator"].id, Role.ADMINISTRATOR, PLATFORM)
        people.give_duty(Actor(), found["region"].id, Role.REGION_OFFICER, REGION)
        return found

    def account(self, key: str) -> Actor:
        return self.actor(self.accounts[key].id)

    def actor(self, person_id: int) -> Actor:
        found = actor_of(person_id)
        assert found is not None
        return found

    def name(self) -> str:
        """Another invented name."""
        return next(self._names)

    def official(self) -> Actor:
        """Somebody new, whose address has answered and whom no password opens; on duty, not among those who take part."""
        name = self.name()
        email = f"{slug(name).replace('-', '.')}@demonstration.example"
        with self.days.at(-self.dice.randint(640, 700)):
            person = people.create_person(email, name, is_verified=True, password_hash=passwords.NONE)
        return Actor(person.id, person.name)

    def resident(self) -> Actor:
        """Somebody new, who lives here and may come back."""
        self.residents.append(self.official())
        return self.residents[-1]

    def somebody(self) -> Actor:
        """A resident who already did something else here."""
        return self.dice.choice(self.residents)

    def serve(self, who: Actor, role: Role, on: str) -> Actor:
        """Gives a duty; the actor with it."""
        assert who.person_id is not None
        people.give_duty(self.admin, who.person_id, role, on)
        return self.actor(who.person_id)

    def association(self, name: str, departement: str, founder: Actor | None = None) -> Organisation:
        """An association with both its numbers."""
        founder = founder or self.resident()
        made = organisations.create(
            founder, Kind.ASSOCIATION, name, rna=identifiers.rna(departement), siret=identifiers.siret()
        )
        return self.present(made)

    def group(self, name: str, founder: Actor) -> Organisation:
        """Residents together, without legal form."""
        return organisations.create(founder, Kind.GROUP, name)

    def public_body(self, kind: Kind, name: str) -> Organisation:
        return self.present(organisations.create(self.admin, kind, name, siret=identifiers.siret()))

    def present(self, made: Organisation) -> Organisation:
        """With an invented way to reach it, as two organisations of three give one."""
        if made.id % 3:
            contact = f"Accueil : du mardi au vendredi, de 14 h à 17 h.\nbonjour@{slug(made.name)}.example"
            organisations.rename(self.admin, made.id, made.name, contact)
        return made
