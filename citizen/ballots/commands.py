"""The `citizen ballot` commands: a count that anyone can do again from its file, without the site; the codes of a vote."""

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import TextIO

import click

from citizen.ballots import chain
from citizen.ballots.rules import said_euros
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.tally import pabulib, reasons
from citizen.tally.greedy import Method
from citizen.tally.pabulib import said
from citizen.tally.profile import Amount
from citizen.tally.rule import Outcome, UnknownRule, tally
from citizen.tally.ties import Tie, key_of


@click.group("ballot")
def ballot() -> None:
    """Votes : refaire un dépouillement, vérifier un journal, tirer des codes."""


@ballot.command("tally")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rule", required=True, help="Par exemple greedy:cost, mes:cost, mes_add1_greedy:cost.")
@click.option("--json", "is_json", is_flag=True, help="Écrit le résultat en JSON.")
@click.option(
    "--tie",
    "ties",
    multiple=True,
    type=click.Choice([one.value for one in Tie]),
    help="Ce qui départage, dans l’ordre (id sinon).",
)
@click.option("--draw-number", default="", help="Le nombre du tirage, connu après l’annonce (avec --tie draw).")
@click.option("--draw-text", default="", help="Le texte public qui l’annonçait.")
@click.option("--min-votes", default=1, show_default=True, type=click.IntRange(1), help="Voix qu’il faut au moins.")
@click.option("--each-sector", is_flag=True, help="Le mieux placé de chaque secteur (category) est servi d’abord.")
@click.option("--exclusive", "groups", multiple=True, help="Projets dont un seul peut être retenu : 3,5.")
@click.option("--recounts", is_flag=True, help="Parts égales : cherche aussi, en recomptant, ce qui aurait suffi (plus long).")
def tally_file(
    file: Path, rule: str, is_json: bool, ties: tuple[str, ...], draw_number: str, draw_text: str, min_votes: int,
    each_sector: bool, groups: tuple[str, ...], recounts: bool,
) -> None:  # fmt: skip
    """Dépouille FILE, un fichier Pabulib (.pb), selon une règle."""
    if Tie.DRAW in ties and not (draw_number and draw_text):
        raise click.UsageError("Un tirage demande --draw-number et --draw-text.")
    tie = key_of([Tie(one) for one in ties], number=draw_number, text=draw_text)
    try:
        profile = pabulib.read(file, _reading)
        click.echo(f"{profile.turnout} bulletins lus, dont {len(profile.ballots)} différents.", err=True)
        exclusive = tuple(frozenset(group.split(",")) for group in groups)
        outcome = tally(profile, rule, Method(0, min_votes, has_each_sector=each_sector, exclusive=exclusive), tie, _adding)
    except pabulib.BadFile as error:
        raise click.ClickException(f"{file} : {error}") from None
    except UnknownRule as error:
        raise click.BadParameter(str(error), param_hint="--rule") from None
    currency = profile.meta.get("currency", "EUR")
    money = said_euros if currency == "EUR" else lambda amount: f"{_rounded(amount)} {currency}"
    why = reasons.of_outcome(outcome, money, recounts=recounts)
    if is_json:
        json.dump(_as_json(file, outcome, why, list(ties) or [Tie.ID.value]), sys.stdout, ensure_ascii=False, indent=1)
        click.echo()
    else:
        _tell(outcome, why)


@ballot.command("verify")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--digest", "posted", multiple=True, metavar="JOUR=EMPREINTE", help="Une empreinte affichée : 2027-06-12=3fa9…")
@click.option("--poll", "poll_id", type=click.IntRange(1), help="Sur le site : vérifie aussi l’urne et le résultat de ce vote.")
def verify(file: Path | None, posted: tuple[str, ...], poll_id: int | None) -> None:
    """Vérifie FILE, le journal d’un vote, seul et contre les empreintes affichées ; ou, sur le site, tout un vote (--poll)."""
    if (file is None) == (poll_id is None):
        raise click.UsageError("Donnez un fichier, ou --poll avec le numéro d’un vote.")
    faults = _file_faults(file, [_posted(one) for one in posted]) if file else _poll_faults(poll_id or 0)
    for fault in faults:
        click.echo(f"✗ {fault}")
    if faults:
        raise SystemExit(1)
    click.echo("Tout concorde.")


def _posted(told: str) -> tuple[str, str]:
    day, _equals, digest = "".join(told.split()).partition("=")
    if len(day) != 10 or len(digest) != 64:
        raise click.BadParameter(f"« {told} » : écrivez le jour, « = », puis les 64 signes.", param_hint="--digest")
    return day, digest.lower()


def _file_faults(file: Path, posted: list[tuple[str, str]]) -> list[str]:
    lines: list[chain.Line] = []
    for number, text in enumerate(file.read_bytes().removesuffix(b"\n").split(b"\n"), start=1):
        try:
            lines.append(chain.read(text.decode()))
        except ValueError:
            return [f"Ligne {number} : ce n’est pas une ligne d’un journal, ou elle a été changée."]
    faults = [str(one) for one in chain.faults(lines, posted)]
    if not faults:
        for day in chain.days(lines):
            click.echo(f"{day.day} : {day.lines} lignes, {day.turnout} ont voté, empreinte {day.digest}")
    return faults


def _poll_faults(poll_id: int) -> list[str]:
    from citizen.ballots import verifying  # the site and its database, which nothing else here needs
    from citizen.ballots.models import Poll
    from citizen.db import db

    poll = db.session.get(Poll, poll_id)
    if poll is None:
        raise click.BadParameter(f"Il n’y a pas de vote {poll_id}.", param_hint="--poll")
    return [str(one) for one in verifying.faults(poll)]


def _reading(read: int, announced: int | None) -> None:
    click.echo(f"{read} bulletins lus sur {announced or '?'}…", err=True)


def _adding(steps: int) -> None:
    if not steps % 10:
        click.echo(f"Part de chacun augmentée de {steps}…", err=True)


def _rounded(amount: Amount) -> str:
    """Two decimals at most, for people; the JSON holds exact amounts."""
    return said(Fraction(round(amount * 100), 100))


def _as_json(file: Path, outcome: Outcome, why: list[list[reasons.Words]], ties: list[str]) -> dict[str, object]:
    profile = outcome.profile
    return {
        "file": file.name,
        "rule": outcome.rule,
        "ties": ties,
        "each_sector": outcome.method.has_each_sector,
        "exclusive": [sorted(group) for group in outcome.method.exclusive],
        "order": [profile.projects[place].id for place, _left, _taken in outcome.ledger],
        "served": outcome.served,
        "min_votes": outcome.method.least,
        "budget": said(profile.budget),
        "n_projects": len(profile.projects),
        "n_ballots": profile.turnout,
        "n_distinct_ballots": len(profile.ballots),
        "winners": outcome.winners,
        "total_cost": said(profile.budget - outcome.left),
        "left": said(outcome.left),
        "added_per_voter": outcome.added,
        "steps": [
            {
                "project": profile.projects[step.place].id,
                "cost": said(profile.projects[step.place].cost),
                "left": said(step.left),
                "price": None if step.price is None else said(step.price),
            }
            for step in outcome.steps
        ],
        "reasons": {project.id: " ".join(words) for project, words in zip(profile.projects, why, strict=True)},
    }


def _tell(outcome: Outcome, why: list[list[reasons.Words]]) -> None:
    profile = outcome.profile
    taken = [step.place for step in outcome.steps]
    for heading, places in (
        ("Retenus, dans l’ordre", taken),
        ("Non retenus", [place for place in range(len(why)) if place not in set(taken)]),
    ):
        click.echo(f"{heading} :")
        for place in places:
            project = profile.projects[place]
            click.echo(f"  {project.id}  {project.title} — {said(project.cost)}. {' '.join(why[place])}")
    click.echo(f"Il reste {said(outcome.left)} sur {said(profile.budget)}.")


@ballot.command("codes")
@click.argument("poll_id", metavar="POLL", type=int)
@click.argument("number", type=click.IntRange(1, 1_000_000), required=False)
@click.option(
    "--list", "for_list", is_flag=True, help="Un code pour chaque ligne de la liste qui n’en a pas, au lieu de NUMBER."
)
@click.option(
    "--csv", "file", required=True, type=click.File("w", encoding="utf-8", lazy=False), help="Où les écrire, une fois."
)
def make_codes(poll_id: int, number: int | None, for_list: bool, file: TextIO) -> None:
    """Tire NUMBER codes pour le vote POLL : eux seuls, dans FILE ; le site n’en garde qu’une empreinte."""
    if for_list == (number is not None):
        raise click.UsageError("Donnez un nombre de codes, ou --list.")
    from sqlalchemy.exc import NoResultFound

    from citizen.ballots import codes  # the count of a file needs neither the site nor its database
    from citizen.web import sheets

    try:
        letters = codes.make(None, poll_id, number=number or 0, for_list=for_list, progress=_making)
    except NoResultFound:
        raise click.ClickException(f"Le vote {poll_id} n’existe pas.") from None
    except (Invalid, NotNow) as error:
        raise click.ClickException(str(error)) from None
    file.write(sheets.lines_of(codes.HEAD, codes.rows(letters, codes.address(poll_id))))
    click.echo(f"{len(letters)} codes écrits dans {file.name}, lot {letters[0].batch}.", err=True)


def _making(done: int, number: int) -> None:
    click.echo(f"{done} codes sur {number}…", err=True)
