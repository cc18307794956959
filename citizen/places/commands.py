"""citizen places: import the territory's files and the city contracts, tell what is there, locate a point."""

import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

import click
from flask_babel import gettext as _

from citizen.kernel.findings import Invalid
from citizen.places import contracts, queries, services
from citizen.places.loading import Imported
from citizen.places.reading import Refused
from citizen.places.rules import KIND_LABELS, STATUS_LABELS, Kind, Located, Status, point

# Figures may begin with a minus sign: they are not options.
NUMBERS = {"ignore_unknown_options": True}
PROBLEMS_SHOWN = 50


@click.group()
def places() -> None:
    """Communes, intercommunalités et périmètres."""


@places.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--version", help="Version des périmètres, quand leurs codes ne la disent pas (2024, 2014…).")
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="Premier jour de validité, comme 2024-01-01.")
def import_(files: tuple[Path, ...], version: str | None, valid_from: datetime | None) -> None:
    """Importe des fichiers officiels : tous, ou rien."""
    first = date(valid_from.year, valid_from.month, valid_from.day) if valid_from else None
    try:
        with click.progressbar(length=1, label=_("Import"), file=sys.stderr) as bar:
            reports = services.import_files(
                files, version=version, valid_from=first, on_progress=lambda *at: _advance(bar, *at)
            )
    except Refused as error:
        _refuse(error)
    for report in reports:
        click.echo(_line(report))
        for note in report.notes:
            click.echo("  " + note)


@places.command("import-contracts")
@click.argument("file", type=click.Path(path_type=Path))
def import_contracts(file: Path) -> None:
    """Importe les contrats de ville : tous, ou aucun.

    FILE est un CSV en UTF-8, un contrat par ligne ; la colonne « contrat » (son nom) est nécessaire. Les autres : presentation,
    debut, fin, clause_de_revoyure, revoyure_prevue, revoyure_tenue ; et, plusieurs valeurs séparées par « | » :
    intercommunalites (SIREN), communes (Insee), quartiers (codes), signataires (« commune : Ville de Loos : 2024-06-30 »),
    renouvellement (« national : Les Oliveaux : QN05901M »). Une case vide laisse ce qui est déjà connu. Un contrat nouveau
    reste en préparation jusqu’à ce que la Région le publie.
    """
    try:
        done = contracts.import_file(file)
    except Refused as error:
        _refuse(error)
    click.echo(
        _("%(file)s : %(new)d contrats nouveaux, %(known)d mis à jour.", file=file.name, new=done.created, known=done.updated)
    )


def _advance(bar: "click._termui_impl.ProgressBar[int]", done: int, total: int) -> None:
    bar.length = total
    bar.update(done - bar.pos)


def _refuse(error: Refused) -> NoReturn:
    """Each problem on its line, then out."""
    for problem in error.problems[:PROBLEMS_SHOWN]:
        click.echo(str(problem), err=True)
    more = len(error.problems) - PROBLEMS_SHOWN
    if more > 0:
        click.echo(_("… et %(count)d autres.", count=more), err=True)
    click.echo(_("Rien n’a été importé."), err=True)
    raise SystemExit(1)


def _line(report: Imported) -> str:
    if not report.has_changed:
        return _("%(file)s : rien à changer, %(count)d déjà à jour.", file=report.file, count=report.unchanged)
    values = {"file": report.file, "new": report.created, "changed": report.updated, "same": report.unchanged}
    told = _("%(file)s : %(new)d nouveaux, %(changed)d mis à jour, %(same)d inchangés.", **values)
    if report.linked:
        told += " " + _("%(count)d communes rattachées.", count=report.linked)
    if report.closed:
        told += " " + _("%(count)d périmètres remplacés ne sont plus en vigueur.", count=report.closed)
    return told


@places.command()
@click.option("--json", "as_json", is_flag=True, help="En JSON.")
def summary(as_json: bool) -> None:
    """Compte les périmètres et leurs habitants."""
    found = queries.summary()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    values = {"communes": found["communes"], "groups": found["intermunicipalities"]}
    click.echo(_("%(communes)d communes, %(groups)d intercommunalités.", **values))
    for row in found["versions"]:
        kind = _(KIND_LABELS[Kind(row["kind"])])
        values = {"kind": kind, "version": row["version"], "count": row["count"], "residents": row["residents"]}
        click.echo(_("%(kind)s, version %(version)s : %(count)d périmètres, %(residents)d habitants.", **values))
        same = [each for each in found["perimeters"] if (each["kind"], each["version"]) == (row["kind"], row["version"])]
        for each in same:
            click.echo(f"  {each['departement']} : {each['count']} ({each['residents']})")


@places.command(context_settings=NUMBERS)
@click.argument("lon")
@click.argument("lat")
@click.option("--json", "as_json", is_flag=True, help="En JSON.")
def locate(lon: str, lat: str, as_json: bool) -> None:
    """Dit où se trouve un point (degrés WGS84)."""
    try:
        found = queries.locate(*point(lon, lat))
    except Invalid as error:
        raise click.ClickException(str(error)) from None
    click.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else told(found))


def told(found: Located) -> str:
    """The answer in one French line."""
    status = _(STATUS_LABELS[found.status])
    if found.kind is None:
        return status
    values = {"status": status, "name": found.name, "code": found.code, "kind": _(KIND_LABELS[found.kind])}
    if found.status is Status.INSIDE:
        return _("%(status)s : %(name)s (%(code)s, %(kind)s)", **values)
    return _("%(status)s : %(name)s (%(code)s, %(kind)s) est à %(metres)d m", **values, metres=found.metres)
