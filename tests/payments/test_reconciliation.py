"""« citizen check » counts everything again, and says what differs."""

import pytest
from flask import Flask

from citizen import clock
from citizen.cli import main
from citizen.config import Settings
from citizen.db import db, install_guards
from citizen.funds import ledger
from citizen.kernel.access import NOBODY
from citizen.payments import figures
from citizen.pic.models import PicProject
from tests import factories, purse
from tests.payments.test_paying import AFTER

ENTRY = (
    "INSERT INTO ledger_entry (call_id, project_id, kind, source, target, amount_cents, reference, day, at)"
    " VALUES ({call}, {project}, '{kind}', '{source}', '{target}', {cents}, '', '2027-04-02', '2027-04-02 10:00:00')"
)
TRIGGERS = ("no_update", "no_delete", "held", "counts")


@pytest.fixture
def project(app: Flask) -> PicProject:
    """A project paid, in books that are right."""
    made = purse.granted_with_bank()
    with clock.at(AFTER):
        purse.paid(purse.treasurer_of(made.call.fund), made.call.fund)
        other = factories.pic_call(made.call.fund)
        ledger.transfer(NOBODY, other.id, made.call_id, 100_00, act_reference="CA")
    return made


def corrupt(*orders: str) -> None:
    """Writes past the guards, as a bad restore or a clumsy hand would."""
    db.session.remove()
    on = "" if db.engine.dialect.name == "sqlite" else " ON ledger_entry"
    with db.engine.begin() as connection:
        for name in TRIGGERS:
            connection.exec_driver_sql(f"DROP TRIGGER ledger_entry_{name}{on}")
        for order in orders:
            connection.exec_driver_sql(order)
        install_guards(connection)


def test_books_kept_by_the_services_are_right(project: PicProject) -> None:
    assert figures.differences() == []


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("UPDATE funding_call SET committed_cents = committed_cents + 1 WHERE id = {call}", "committed_cents"),
        ("UPDATE funding_call SET envelope_cents = envelope_cents + 1 WHERE id = {call}", "envelope_cents"),
        ("UPDATE ledger_entry SET amount_cents = 300 WHERE kind = 'commitment'", "le registre dit"),
        ("DELETE FROM ledger_entry WHERE kind = 'payment'", "versés par lots"),
        ("DELETE FROM ledger_entry WHERE kind = 'transfer_in'", "virement « CA »"),
        ("UPDATE ledger_entry SET amount_cents = 99999 WHERE kind = 'payment'", "le compte « promised »"),
        (
            ENTRY.replace("{kind}", "reservation").replace("{source}", "available").replace("{target}", "reserved"),
            "restent gardés",
        ),
    ],
)
def test_each_corruption_is_named(project: PicProject, order: str, said: str) -> None:
    corrupt(order.format(call=project.call_id, project=project.id, cents=1_00))
    assert any(said in line for line in figures.differences()), figures.differences()


def test_the_command_fails_when_the_books_are_wrong(project: PicProject, monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    settings: Settings = app.config["SETTINGS"]
    run = app.test_cli_runner().invoke
    monkeypatch.setattr("citizen.cli.create_app", lambda _settings: app)
    monkeypatch.setattr("citizen.cli.config.read", lambda *_args, **_kwargs: settings)
    assert run(main, ["check"]).exit_code == 0
    corrupt("UPDATE funding_call SET committed_cents = committed_cents + 1")
    answer = run(main, ["check"])
    assert answer.exit_code == 1 and "committed_cents" in answer.output
