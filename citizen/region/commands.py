"""The `citizen data` commands."""

import click

from citizen.kernel.findings import Invalid
from citizen.people import organisations
from citizen.region import exporting


@click.group("data")
def data() -> None:
    """Données ouvertes."""


@data.command("publish")
def publish() -> None:
    """Écrit de nouveau tous les fichiers ; « citizen run » le fait de lui-même, une fois par jour."""
    for kept in exporting.publish(lambda name, rows: click.echo(f"\r{name} : {rows}", err=True, nl=False)):
        click.echo(f"\r{kept.name} : {kept.rows} lignes, {kept.size // 1000} ko", err=True)
    if missing := exporting.left_out()["giver"]:
        click.echo(
            f"{missing} aide(s) hors de subventions.csv : donnez le SIRET de qui attribue (citizen data siret).", err=True
        )


@data.command("siret")
@click.argument("organisation_id", type=int)
@click.argument("siret")
def siret(organisation_id: int, siret: str) -> None:
    """Donne son SIRET à l’organisme de ce numéro : celui qui attribue une aide en a besoin dans le fichier national."""
    try:
        organisation = organisations.identify(organisation_id, siret)
    except Invalid as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{organisation.name} : {organisation.siret}")
