"""Many projects at once, written straight into the tables: volume, not behaviour."""

from datetime import timedelta

from sqlalchemy import insert

from citizen import clock
from citizen.db import db, transaction
from citizen.kernel.words import plain
from citizen.people.models import Person
from citizen.places.models import Commune
from citizen.projects.models import Project

WORDS = ("fête", "jardin", "atelier", "préau", "banc", "goûter", "tournoi", "fresque", "compost", "balade", "cinéma", "lecture")


def fill(count: int) -> None:
    """``count`` public ideas over a hundred communes."""
    moment = clock.now()
    with transaction():
        communes = [
            {
                "code": f"62{n:03d}",
                "name": f"Commune {n}",
                "search_name": f"commune {n}",
                "departement": "59",
                "postal_codes": [],
            }
            for n in range(100)
        ]
        db.session.execute(insert(Commune), communes)
        bearer = Person(email="x@example.org", name="X", password_hash="x", created_at=moment)
        db.session.add(bearer)
        db.session.flush()
        db.session.execute(
            insert(Project.__table__), [_project(n, bearer.id, moment - timedelta(minutes=n)) for n in range(count)]
        )


def _project(number: int, bearer_id: int, moment: object) -> dict[str, object]:
    title = f"{WORDS[number % 12].capitalize()} et {WORDS[number // 12 % 12]} numéro {number}"
    summary = f"On se retrouve autour d’un {WORDS[number // 144 % 12]} ouvert à tout le quartier, avec les voisins."
    return {
        "scheme": "idea", "state": "idea", "title": title, "summary": summary, "bearer_id": bearer_id, "themes": [],
        "commune_code": f"62{number % 100:03d}", "created_at": moment, "changed_at": moment, "is_public": True,
        "search_text": plain(f"{title} {summary}"),
    }  # fmt: skip
