"""Reading a commune's list of voters: every fault told by line and column, nothing taken when there is one."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from citizen.kernel.words import N_, Words, plain

COLUMNS = ("numero", "nom", "prenom")
LONGEST = {"numero": 40, "nom": 100, "prenom": 100}


@dataclass(frozen=True)
class Fault:
    """What is wrong, where: ``line`` as a spreadsheet numbers it, 0 for the whole file."""

    line: int
    column: str
    words: str


@dataclass(frozen=True)
class Line:
    number: str
    last_name: str
    first_name: str

    @property
    def search_name(self) -> str:
        return plain(f"{self.last_name} {self.first_name}")


@dataclass(frozen=True)
class ReadList:
    """The lines of the file, its faults, and the names that several lines bear: allowed, but worth a look."""

    lines: list[Line]
    faults: list[Fault]
    namesakes: list[str]


def read(data: bytes) -> ReadList:
    """A CSV in UTF-8 or Windows-1252, cut by « ; » or « , », whose first line names the columns."""
    text, fault = _decoded(data)
    if fault:
        return ReadList([], [fault], [])
    lines: list[Line] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    try:
        for at, row in _rows(text):
            if isinstance(row, Fault):
                faults.append(row)
                continue
            faults += _faults_of(at, row, seen)
            seen.setdefault(row["numero"], at)
            lines.append(Line(*(row[column] for column in COLUMNS)))
    except csv.Error:
        faults.append(
            Fault(0, "", N_("Le fichier n’est pas un CSV bien écrit : enregistrez-le à nouveau depuis votre tableur."))
        )
    if not lines and not faults:
        faults.append(Fault(0, "", N_("Le fichier ne contient aucune personne.")))
    named = Counter(line.search_name for line in lines)
    return ReadList(lines, faults, sorted({f"{one.last_name} {one.first_name}" for one in lines if named[one.search_name] > 1}))


def _decoded(data: bytes) -> tuple[str, Fault | None]:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, None
    return "", Fault(0, "", N_("Ce n’est pas un fichier CSV : dans votre tableur, enregistrez la feuille au format CSV."))


def _rows(text: str) -> Iterator[tuple[int, dict[str, str] | Fault]]:
    """(line, cells by column) for each person, or the fault that keeps the line from being read."""
    header = text.lstrip("\r\n").split("\n", 1)[0]
    lines = csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=";" if ";" in header else ",")
    names = [plain(name) for name in next(lines, [])]
    if missing := [column for column in COLUMNS if column not in names]:
        yield 1, Fault(1, missing[0], N_("La première ligne nomme les colonnes : numero, nom et prenom. Celle-ci manque."))
        return
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        at = lines.line_num
        if len(cells) != len(names):
            yield at, Fault(at, "", Words("%(found)d cases au lieu de %(wanted)d.", found=len(cells), wanted=len(names)))
            continue
        row = dict(zip(names, (" ".join(cell.split()) for cell in cells), strict=True))
        yield at, {column: row[column] for column in COLUMNS}


def _faults_of(at: int, row: dict[str, str], seen: dict[str, int]) -> Iterator[Fault]:
    for column in COLUMNS:
        if not row[column]:
            yield Fault(at, column, N_("Cette case est vide."))
        elif len(row[column]) > LONGEST[column]:
            yield Fault(at, column, Words("%(most)d signes au plus.", most=LONGEST[column]))
        elif not row[column].isprintable():
            yield Fault(at, column, N_("Cette case contient un signe qui ne s’affiche pas."))
    if row["numero"] in seen:
        told = "Le numéro %(number)s est déjà à la ligne %(line)d."
        yield Fault(at, "numero", Words(told, number=row["numero"], line=seen[row["numero"]]))
