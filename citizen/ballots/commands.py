"""The `citizen ballot` commands: what anyone can do again from a published file, without the site nor its database."""

import json
import sys
from fractions import Fraction
from pathlib import Path

import click

from citizen.tally import pabulib, reasons
from citizen.tally.greedy import Method
from citizen.tally.pabulib import said
from citizen.tally.profile import Amount
from citizen.tally.rule import Outcome, UnknownRule, tally
from citizen.tally.ties import Tie, key_of


@click.group("ballot")
def ballot() -> None:
    """Votes : refaire un dépouillement."""


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
@click.option("--recounts", is_flag=True, help="Parts égales : cherche aussi, en recomptant, ce qui aurait suffi (plus long).")
def tally_file(
    file: Path, rule: str, is_json: bool, ties: tuple[str, ...], draw_number: str, draw_text: str, min_votes: int, recounts: bool,
) -> None:  # fmt: skip
    """Dépouille FILE, un fichier Pabulib (.pb), selon une règle."""
    if Tie.DRAW in ties and not (draw_number and draw_text):
        raise click.UsageError("Un tirage demande --draw-number et --draw-text.")
    tie = key_of([Tie(one) for one in ties], number=draw_number, text=draw_text)
    try:
        profile = pabulib.read(file, _reading)
        click.echo(f"{profile.turnout} bulletins lus, dont {len(profile.ballots)} différents.", err=True)
        outcome = tally(profile, rule, Method(0, min_votes), tie, _adding)
    except pabulib.BadFile as error:
        raise click.ClickException(f"{file} : {error}") from None
    except UnknownRule as error:
        raise click.BadParameter(str(error), param_hint="--rule") from None
    currency = profile.meta.get("currency", "EUR")
    why = reasons.of_outcome(outcome, lambda amount: f"{_rounded(amount)} {currency}", recounts=recounts)
    if is_json:
        json.dump(_as_json(file, outcome, why, list(ties) or [Tie.ID.value]), sys.stdout, ensure_ascii=False, indent=1)
        click.echo()
    else:
        _tell(outcome, why)


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
