"""The communes and intermunicipalities that perimeters name: by code, by name, or made from the perimeters' own columns."""

import re
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from citizen.db import db
from citizen.kernel.words import N_, Words
from citizen.places.models import Commune, Intermunicipality
from citizen.places.reading import PerimeterRow, Problem, Refused
from citizen.places.rules import searchable
from citizen.places.values import departement_of

LOST = "\ufffd"  # what a wrong decoding leaves in the place of an accented letter
ANY_LETTER = "ß"  # stands for a lost one: no commune has it in its name


class Towns:
    """All those known, and those the rows bring with their name; raises Refused when a row's commune has none."""

    def __init__(self, rows: list[PerimeterRow]):
        self._communes = {found.code: found for found in db.session.scalars(select(Commune))}
        self._intermunicipalities = {found.siren: found for found in db.session.scalars(select(Intermunicipality))}
        problems = [problem for row in rows for problem in self._make_missing(row)]
        if problems:
            raise Refused(problems)
        self._names = defaultdict(list)
        for commune in self._communes.values():
            self._names[commune.departement].append((commune.search_name, commune))
        self._not_found: dict[str, None] = {}
        self._has_lost = any(LOST in row.name for row in rows)

    def of(self, row: PerimeterRow) -> list[Commune]:
        """The communes of a perimeter, by code, else by name within its département."""
        named = (self._named(name, row.departement) for name in row.commune_names)
        return [self._communes[code] for code in row.communes] + [found for found in named if found]

    def around(self, row: PerimeterRow, communes: list[Commune]) -> list[Intermunicipality]:
        """The intermunicipalities of a perimeter; when its file does not say, those of its communes."""
        sirens = set(row.intermunicipalities) or {commune.intermunicipality_siren or "" for commune in communes}
        return [found for siren, found in self._intermunicipalities.items() if siren in sirens]

    def notes(self) -> list[str]:
        """What could not be done, in sentences."""
        told: list[str] = []
        if self._not_found:
            reason = N_("Communes non trouvées, laissées sans lien (importez d’abord les communes) : %(names)s.")
            told.append(Words(reason, names=", ".join(self._not_found)))
        if self._has_lost:
            told.append(N_("Des noms ont perdu des lettres avant d’arriver ici (�) : ils sont gardés tels quels."))
        return told

    def _named(self, name: str, departement: str) -> Commune | None:
        """The one commune of this name there; a lost letter may be any one or two."""
        pattern = re.compile(re.escape(searchable(name.replace(LOST, ANY_LETTER))).replace(ANY_LETTER, ".{1,2}"))
        found = [commune for name_there, commune in self._names[departement] if pattern.fullmatch(name_there)]
        if len(found) != 1:
            self._not_found[f"{name} ({departement})"] = None
            return None
        return found[0]

    def _make_missing(self, row: PerimeterRow) -> Iterator[Problem]:
        for siren, name in row.intermunicipalities.items():
            if name and siren not in self._intermunicipalities:
                self._intermunicipalities[siren] = Intermunicipality(siren=siren, name=name)
                db.session.add(self._intermunicipalities[siren])
        for code, name in row.communes.items():
            if code in self._communes:
                continue
            if name:
                self._communes[code] = self._made(code, name, row)
            else:
                reason = N_("la commune %(code)s n’est pas connue et le fichier ne la nomme pas.")
                yield Problem(row.number, Words(reason, code=code), row.is_line)

    def _made(self, code: str, name: str, row: PerimeterRow) -> Commune:
        """A commune of which only the code and the name are known; its intermunicipality when there can be no doubt."""
        sirens = [siren for siren in row.intermunicipalities if siren in self._intermunicipalities]
        commune = Commune(code=code, name=name, search_name=searchable(name), departement=departement_of(code), postal_codes=[])
        commune.intermunicipality_siren = sirens[0] if len(sirens) == 1 else None
        db.session.add(commune)
        return commune
