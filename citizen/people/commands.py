"""The `citizen user` commands."""

import sys

import click

from citizen.kernel.access import NOBODY, Role
from citizen.kernel.findings import Invalid
from citizen.people import queries, services


@click.group("user")
def user() -> None:
    """Comptes et rôles."""


@user.command("create")
@click.argument("email")
@click.argument("name")
@click.option("--role", "roles", multiple=True, metavar="ROLE:SUR", help="Par exemple administrator:platform.")
@click.option("--password-stdin", is_flag=True, help="Lit le mot de passe sur l’entrée standard.")
def create(email: str, name: str, roles: tuple[str, ...], password_stdin: bool) -> None:
    """Ouvre un compte, adresse déjà vérifiée."""
    duties = [_duty(role) for role in roles]
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Mot de passe", hide_input=True, confirmation_prompt=True)
    try:
        person = services.create_person(email, name, password, is_verified=True)
    except Invalid as error:
        raise click.ClickException(error.message) from None
    for role, on in duties:
        services.give_duty(NOBODY, person.id, role, on)
    click.echo(f"Compte {person.id} : {person.email}")


def _duty(typed: str) -> tuple[Role, str]:
    """« fund_manager:fund:3 » -> (FUND_MANAGER, "fund:3")."""
    name, _colon, on = typed.partition(":")
    if name not in list(Role) or name in (Role.ANYONE, Role.RESIDENT) or not on:
        raise click.ClickException(f"Rôle inconnu : {typed}. Écrivez ROLE:SUR, par exemple administrator:platform.")
    return Role(name), on


@user.command("duty")
@click.argument("email")
@click.argument("role", metavar="ROLE:SUR")
@click.option("--withdraw", is_flag=True, help="Retire le rôle au lieu de le donner.")
def duty(email: str, role: str, withdraw: bool) -> None:
    """Donne un rôle à un compte qui existe, ou le retire."""
    person = queries.person_at(email)
    if person is None:
        raise click.ClickException(f"Aucun compte à l’adresse {email}.")
    change = services.withdraw_duty if withdraw else services.give_duty
    change(NOBODY, person.id, *_duty(role))
    click.echo(f"{person.email} : {role} {'retiré' if withdraw else 'donné'}.")


@user.command("suspend")
@click.argument("email")
@click.option("--reason", prompt="Pourquoi", help="Gardé dans le journal.")
@click.option("--lift", is_flag=True, help="Rouvre le compte.")
def suspend(email: str, reason: str, lift: bool) -> None:
    """Ferme un compte sans l'effacer : ses sessions s'arrêtent aussitôt."""
    person = queries.person_at(email)
    if person is None:
        raise click.ClickException(f"Aucun compte à l’adresse {email}.")
    services.suspend(NOBODY, person.id, is_suspended=not lift, reason=reason)
    click.echo(f"{person.email} : compte {'rouvert' if lift else 'suspendu'}.")


@user.command("list-duties")
def list_duties() -> None:
    """Qui tient quel rôle, et sur quoi."""
    for email, duty in queries.duties():
        click.echo(f"{duty.role}\t{duty.on}\t{email}")
