"""A counted vote as it is published: every rule recounted from the downloaded file gives the page again."""

import hashlib
import io
import json
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from citizen import clock
from citizen.ballots import queries, services, verifying, workbench
from citizen.ballots.commands import ballot
from citizen.ballots.models import Poll
from citizen.ballots.rules import RULES, TIES
from citizen.db import db, install_guards, transaction
from citizen.kernel.findings import Invalid
from citizen.projects import services as projects
from tests.counting import counted
from tests.factories import actor, person
from tests.works import announced_poll, campaign, works_officer

DAY = timedelta(days=1)
COSTS = [12_000_00, 9_500_50, 9_500_50, 7_000_00, 4_000_00, 4_000_00, 3_250_00]
# positions in COSTS; the second and third are equal, so are the fifth and the sixth
BALLOTS = [[0, 1, 2]] * 5 + [[1, 2]] * 3 + [[0, 4]] * 2 + [[3, 4, 5], [3, 5], [3, 5], [6, 5], [6, 4], [6]]
LOTTERY = "Tirage du Loto du 12 juin, cinq boules dans l’ordre « croissant »"


def counted_poll(rules: dict[str, Any], ballots: list[list[int]] = BALLOTS, *, rivals: bool = False, number: str = "") -> Poll:
    """A vote in two sectors, counted by every rule; the first and the fourth project may be incompatible."""
    officer, bearer = works_officer(), actor(person())
    call = campaign(officer, envelope_cents=25_000_00)
    titles = [f"Projet {n} ; l’allée" for n in range(1, len(COSTS) + 1)]
    made = [projects.propose(bearer, title=title, summary="Pour le quartier.").id for title in titles]
    poll = services.announce(
        officer, call.id, title=call.title, electorate="J’habite Loos.", max_choices=3, opens_at=clock.now() + DAY,
        closes_at=clock.now() + 3 * DAY, costs=dict(zip(made, COSTS, strict=True)), draw_text=LOTTERY,
        sectors={one: "Les Oliveaux" if place < 4 else "Clémenceau-Kiener" for place, one in enumerate(made)},
        rivals={made[3]: "A", made[0]: "A"} if rivals else {}, **({"compared": list(RULES)} | rules),
    )  # fmt: skip
    options = [option.id for option in poll.options]
    with clock.at(poll.opens_at):
        for chosen in ballots:
            services.vote(actor(person()), poll.id, [options[place] for place in chosen], is_eligible=True)
    with clock.at(poll.closes_at):
        services.tally(officer, poll.id, draw_number=number)
    return poll


def told_on_the_page(page: str) -> list[tuple[str, bool, str]]:
    """(title, whether it is retained, the sentence) of each project, in the order of the page."""
    found = []
    for row in BeautifulSoup(page, "html.parser").select(".results li"):
        verdict = row.select_one(".why .tag").extract().text.strip()
        assert (verdict == "Non retenu") == ("out" in row.get("class", []))
        found.append((row.b.text, verdict == "Retenu", row.select_one(".why").text.strip()))
    return found


def recounted(command: str, file: Path) -> dict:
    """What the command shown on the page says of the downloaded file."""
    program, group, *arguments = shlex.split(command)
    assert (program, group, arguments[:1]) == ("citizen", "ballot", ["tally"])
    done = CliRunner().invoke(ballot, ["tally", str(file), *arguments[2:], "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def spaces(words: str) -> str:
    return " ".join(words.split())


@pytest.mark.parametrize(
    ("terms", "rivals", "number"),
    [
        ({}, False, ""),
        ({"ties": "draw", "rule": "mes_greedy:cost"}, False, "7-12-31"),
        ({"ties": "cheaper,draw", "min_votes": 3}, True, "4 8 15"),
        ({"ties": "lodged", "has_each_sector": True, "rule": "mes_add1_greedy:cost"}, True, ""),
        ({"has_each_sector": True, "rule": "greedy_stop:cost", "ties": "draw"}, False, "-3"),
    ],
)
def test_the_file_counted_again_gives_each_page_to_the_word(
    app: Flask, client: FlaskClient, tmp_path: Path, terms: dict, rivals: bool, number: str
) -> None:
    poll = counted_poll(terms, rivals=rivals, number=number)
    answer = client.get(f"/resultats/{poll.id}.pb")
    file = tmp_path / f"resultat-{poll.id}.pb"
    file.write_bytes(answer.data)
    assert hashlib.sha256(answer.data).hexdigest() == poll.box_digest
    titles = {str(option.number): option.title for option in poll.options}
    for rule in poll.rules:
        page = client.get(f"/resultats/{poll.id}?regle={rule}").text
        again = recounted(BeautifulSoup(page, "html.parser").select_one("pre.command").text, file)
        told = told_on_the_page(page)
        assert again["rule"] == rule
        assert [title for title, is_taken, _words in told if is_taken] == [titles[one] for one in again["winners"]]
        assert [title for title, _taken, _words in told] == [titles[one] for one in again["order"]]
        assert [spaces(words) for _title, _taken, words in told] == [spaces(again["reasons"][one]) for one in again["order"]]
    assert verifying.faults(poll) == []


def test_a_draw_waits_for_its_number_and_follows_it(app: Flask, client: FlaskClient) -> None:
    officer = works_officer()
    with pytest.raises(Invalid, match="Annoncez le nombre public"):
        announced_poll(officer, [1_000_00], terms={"ties": "draw"})
    with pytest.raises(Invalid, match=r"Écrivez le nombre du tirage annoncé : Tirage du Loto"):
        counted_poll({"ties": "draw"}, number=" ")
    firsts = {first_drawn(number): number for number in "12345678"}
    assert set(firsts) == {"2", "3"}
    for winner, number in firsts.items():
        poll = counted_poll({"ties": "draw"}, [[1], [2]] * 6, number=number)
        assert str(next(row.option.number for row in queries.results(poll.id))) == winner
        assert f"Il est sorti : {number}." in client.get(f"/resultats/{poll.id}").text


def first_drawn(number: str) -> str:
    """Which of projects 2 and 3 comes first, told without the code under test."""
    return min("23", key=lambda one: hashlib.sha256(f"{number}/{LOTTERY}/{one}".encode()).hexdigest())


def test_what_decides_is_announced_once(app: Flask) -> None:
    poll = announced_poll(works_officer(), [1_000_00, 2_000_00])
    for order in (
        "UPDATE poll SET rule = 'greedy:card'",
        "UPDATE poll SET envelope_cents = 1",
        "UPDATE poll_option SET sector = 'x'",
    ):
        with pytest.raises(IntegrityError, match="announced once"), transaction():
            db.session.execute(text(order))
    assert poll.rules == ["greedy:cost"]


def test_the_official_result_is_that_of_the_rule_announced_and_the_others_inform(app: Flask, client: FlaskClient) -> None:
    poll = counted_poll({"rule": "greedy:card"})
    official = [row.option.number for row in queries.results(poll.id) if row.is_selected]
    kept = {count.rule: [line for line in count.lines if line["is_selected"]] for count in queries.counts(poll.id)}
    assert set(kept) == set(RULES)
    assert len({tuple(sorted(line["option_id"] for line in lines)) for lines in kept.values()}) > 1, "the rules differ here"
    page = client.get(f"/resultats/{poll.id}").text
    assert [title for title, is_taken, _words in told_on_the_page(page) if is_taken] == [
        f"Projet {number} ; l’allée" for number in official
    ]
    assert "cette règle n’a pas décidé" not in page
    other = client.get(f"/resultats/{poll.id}?regle=greedy:cost").text
    assert "cette règle n’a pas décidé" in other
    for unknown in ("mes:cost", "", "greedy:cost\0", "é" * 300):
        assert told_on_the_page(client.get(f"/resultats/{poll.id}", query_string={"regle": unknown}).text) == told_on_the_page(
            page
        )


@pytest.mark.parametrize(
    "order",
    [
        "UPDATE poll SET box_digest = 'x'",
        "UPDATE poll_count SET left_cents = left_cents + 1 WHERE rule = 'greedy:card'",
        "UPDATE poll_count SET lines = '[]' WHERE rule = 'mes_greedy:cost'",
    ],
)
def test_what_was_kept_of_a_count_and_changed_by_hand_is_found(app: Flask, order: str) -> None:
    poll = counted_poll({})
    assert verifying.faults(poll) == []
    table = order.split()[1]
    with transaction():
        if table == "poll_count":
            db.session.execute(text(f"DROP TRIGGER poll_count_no_update{' ON poll_count' if on_postgresql() else ''}"))
        db.session.execute(text(order))
    db.session.expire_all()
    assert len(verifying.faults(poll)) == 1
    db.session.rollback()
    with db.engine.begin() as connection:
        install_guards(connection)


def on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def test_few_ballots_publish_the_outcome_alone(app: Flask, client: FlaskClient) -> None:
    poll = counted_poll({}, BALLOTS[:10])
    assert client.get(f"/resultats/{poll.id}.pb").status_code == 404
    page = client.get(f"/resultats/{poll.id}?regle=greedy:card").text
    assert "Moins de 11 bulletins" in page
    for told in ("pre class", "voix de plus", "côte à côte", poll.box_digest or "?"):
        assert told not in page
    sheet = client.get(f"/resultats/{poll.id}.csv").text
    assert "Voix" not in sheet
    assert sheet.index("Projet 1") < sheet.index("Projet 2") < sheet.index("Projet 7")
    paper = client.get(f"/resultats/{poll.id}/papier")
    assert "Retenu" in "".join(found.extract_text() for found in PdfReader(io.BytesIO(paper.data)).pages)


def test_the_sheet_and_the_paper_say_what_the_page_says(app: Flask, client: FlaskClient) -> None:
    poll = counted_poll({})
    sheet = client.get(f"/resultats/{poll.id}.csv")
    assert sheet.data.startswith(b"\xef\xbb\xbf")
    lines = sheet.text.splitlines()
    assert len(lines) == 1 + len(COSTS)
    assert '"Projet 2 ; l’allée"' in sheet.text
    assert "9500,50" in sheet.text
    answer = client.get(f"/resultats/{poll.id}/papier")
    assert answer.mimetype == "application/pdf"
    found = PdfReader(io.BytesIO(answer.data))
    assert found.trailer["/Root"]["/MarkInfo"]["/Marked"]
    said = spaces("".join(page.extract_text() for page in found.pages))
    assert "voix de plus" in said
    assert "citizen ballot tally" in said


def test_nothing_of_a_result_is_there_before_the_count(app: Flask, client: FlaskClient) -> None:
    poll = announced_poll(works_officer(), [1_000_00])
    for moment in (poll.opens_at, poll.closes_at):
        with clock.at(moment):
            assert client.get(f"/resultats/{poll.id}").status_code == 302
            for suffix in (".pb", ".csv", "/papier"):
                assert client.get(f"/resultats/{poll.id}{suffix}").status_code == 404
    assert poll.title not in client.get("/resultats").text


def test_a_result_asks_as_much_with_many_projects(app: Flask, client: FlaskClient) -> None:
    polls = [counted_poll({}, BALLOTS), announced_poll(works_officer(), [1_000_00] * 2)]
    with clock.at(polls[1].opens_at):
        for _voter in range(12):
            services.vote(actor(person()), polls[1].id, [polls[1].options[0].id], is_eligible=True)
    with clock.at(polls[1].closes_at):
        services.tally(works_officer(), polls[1].id)
    asked = []
    for poll_id in [poll.id for poll in polls]:
        db.session.remove()
        with counted() as statements:
            assert client.get(f"/resultats/{poll_id}").status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1]


def test_the_words_of_every_rule_and_tie_are_known() -> None:
    assert set(TIES) == {"cheaper,lodged", "lodged", "cheaper,draw", "draw"}
    assert all(rule.steps for rule in RULES.values())
    assert workbench.RECOUNTED_ADDING < workbench.RECOUNTED
