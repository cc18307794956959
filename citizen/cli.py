"""The `citizen` command."""

import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import Flask
from waitress import serve

from citizen import config
from citizen.app import create_app
from citizen.ballots import reminding as polls
from citizen.ballots import verifying
from citizen.ballots.commands import ballot
from citizen.db import db, wrong_settings
from citizen.demo.build import build_demonstration
from citizen.ftu import opinions, polling, works
from citizen.ftu import services as ftu
from citizen.mail import services as mail
from citizen.nqe import booking
from citizen.nqe import registration as summers
from citizen.payments import figures
from citizen.people.commands import user
from citizen.places.commands import places
from citizen.projects import reminding
from citizen.region import exporting, recounting
from citizen.region.commands import data
from citizen.web import upgrades

# Slow visitors must not hold the door: with the library's defaults a thousand of them silence the site.
SLOW_CLIENTS = {"connection_limit": 4000, "channel_timeout": 10, "threads": 8}


@click.group()
@click.option("--data", "data_folder", type=click.Path(path_type=Path), help="Dossier des données (CITIZEN_DATA).")
@click.pass_context
def main(context: click.Context, data_folder: Path | None) -> None:
    """citizen : petits projets de quartier, de l'idée à la réalisation."""
    if context.invoked_subcommand == "demo":
        return
    try:
        settings = config.read(os.environ, **({"data": data_folder} if data_folder else {}))
    except config.BadSetting as error:
        raise click.ClickException(str(error)) from None
    app = create_app(settings)
    context.obj = app
    context.with_resource(app.app_context())


@main.command()
@click.option("--port", default=8000, show_default=True, help="Port d'écoute.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--small", is_flag=True, help="Quelques projets seulement.")
def demo(port: int, host: str, small: bool) -> None:
    """Démarre une démonstration complète dans ce dossier : tout y est inventé."""
    settings = config.read(
        os.environ, data=Path("citizen-data"), is_demo=True, base_url=f"http://localhost:{port}",
    )  # fmt: skip
    app = create_app(settings)
    click.echo("Préparation de la démonstration : une dizaine de secondes…")
    with app.app_context():
        upgrades.bring_up_to_date()
        accounts = build_demonstration(is_small=small)
    click.echo(f"\ncitizen est prêt : {settings.base_url}\n\nComptes de démonstration (mot de passe : « quartier-2030 ») :")
    for account in accounts:
        click.echo(f"  {account.demo_role:<42} {account.email}")
    click.echo(f"\nDonnées : {settings.data}\nCourrier envoyé : {settings.base_url}/courrier\nCtrl+C pour arrêter.\n")
    _serve(app, settings, host, port)


@main.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.pass_obj
def run(app: Flask, port: int, host: str) -> None:
    """Sert le site, envoie le courrier et les rappels, écrit les données ouvertes."""
    settings: config.Settings = app.config["SETTINGS"]
    if not upgrades.is_up_to_date(db.session.connection()):
        raise click.ClickException("La base n'est pas à jour : lancez « citizen migrate ».")
    if wrong := wrong_settings(db.session.connection()):
        raise click.ClickException("Base mal réglée : " + ", ".join(wrong))
    db.session.rollback()
    _serve(app, settings, host, port)


def _serve(app: Flask, settings: config.Settings, host: str, port: int) -> None:
    stops = (mail.start_sender(app, settings), reminding.start(app, _remind_all), reminding.start(app, exporting.publish))
    try:
        listen(app, host=host, port=port)
    finally:
        for stop in stops:
            stop.set()


def listen(app: Callable[..., Any], **where: Any) -> None:
    """Serves; what the start made stays for good, and is not searched for garbage again at each of the thousands of requests."""
    gc.collect()
    gc.freeze()
    serve(app, ident=None, **SLOW_CLIENTS, **where)


def _remind_all() -> int:
    """What is due every day: letters, and the names that serve no more, erased."""
    booking.forget_past()
    ftu.forget_rolls()
    recounting.recount()
    opinions_asked = (opinions.remind_all, summers.remind_all)
    due = (reminding.remind_all, polls.post_all, polls.remind_all, *opinions_asked, works.tell_all, polling.ask_all)
    return sum(remind() for remind in due)


@main.command()
def migrate() -> None:
    """Met la base de données à jour."""
    upgrades.bring_up_to_date()
    click.echo("La base est à jour.")


@main.command("send-mail")
@click.pass_obj
def send_mail(app: Flask) -> None:
    """Envoie le courrier qui attend."""
    sent, failed = mail.send_waiting(app.config["SETTINGS"])
    click.echo(f"{sent} lettre(s) envoyée(s), {failed} à retenter.")


@main.command()
def remind() -> None:
    """Envoie les rappels et les empreintes du jour ; « citizen run » le fait de lui-même, une fois par jour."""
    click.echo(f"{_remind_all()} rappel(s).")


@main.command()
def check() -> None:
    """Dit si le site est en état de marche, et si les comptes sont justes ; code 1 sinon."""
    problems = wrong_settings(db.session.connection())
    if not upgrades.is_up_to_date(db.session.connection()):
        problems.append("migrations en retard")
    else:
        problems += [*figures.differences(), *verifying.all_faults()]
    for problem in problems:
        click.echo(f"✗ {problem}")
    if problems:
        raise SystemExit(1)
    click.echo("Tout va bien.")


main.add_command(ballot)
main.add_command(data)
main.add_command(places)
main.add_command(user)
