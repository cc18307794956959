"""A registration decided in session: ready once it is read, voted within the envelope, told to everybody at one moment."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from citizen import clock
from citizen.committees import agenda, minutes, recording, review, services
from citizen.committees.models import Session
from citizen.committees.rules import proof
from citizen.db import db
from citizen.funds import ledger
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow, NotReady
from citizen.nqe import registration
from citizen.nqe import services as nqe
from citizen.nqe.models import Edition, NqeProject
from citizen.places.models import Perimeter
from citizen.projects import services as projects
from tests import factories, rooms, summers
from tests.convened import letters_to
from tests.counting import counted
from tests.nqe.conftest import who


@pytest.fixture
def summer(officer: Actor) -> Edition:
    return summers.edition(
        officer,
        is_decided_by_committee=True,
        envelope_cents=10_000_00,
        voting_colleges=["Habitants"],
        max_amount_cents=8_000_00,
    )


@pytest.fixture
def session(summer: Edition) -> Session:
    return factories.pic_session(summer.fund)


@pytest.fixture
def read(draft: NqeProject, officer: Actor) -> NqeProject:
    return summers.nqe_read(summers.nqe_admitted(draft, officer), officer)


@contextmanager
def sitting(session: Session) -> Iterator[Actor]:
    """Inside, the committee sits; gives who conducts."""
    with clock.at(session.held_at):
        yield rooms.opened(session)


def voted(manager: Actor, project: NqeProject, action: str, *, cents: int | None = None, asked: str = "") -> None:
    assert project.waiting is not None
    item_id = project.waiting.id
    rooms.everybody(manager, review.propose(manager, item_id, action, amount_cents=cents, asked=asked).id)
    review.settle(manager, item_id)


def signed(manager: Actor, session: Session) -> None:
    services.close(manager, session.id)
    kept = recording.session_for_minutes(session.id)
    assert kept is not None
    assert minutes.sign(manager, session.id, seen=proof(recording.content(kept)))


def obstacle(session: Session) -> str:
    return " ".join(one.obstacle for one in agenda.candidates(session))


# Before the session


def test_a_registration_comes_on_the_agenda_once_it_is_read_and_its_opinions_are_in(
    draft: NqeProject, officer: Actor, session: Session
) -> None:
    summers.nqe_admitted(draft, officer)
    assert "grille de lecture" in obstacle(session)
    summers.nqe_read(draft, officer)
    assert obstacle(session) == ""
    due = clock.today() + timedelta(days=5)
    registration.ask_opinion(officer, draft.id, level="commune", body="Amiens", email="mairie@exemple.fr", due_on=due)
    assert "Avis encore attendus : Amiens" in obstacle(session)
    with pytest.raises(NotReady):
        agenda.inscribe_all(officer, session.id, [draft.id])
    with clock.at(clock.now() + timedelta(days=6)):
        assert obstacle(session) == "", "the delay is over: nobody waits any longer"
        agenda.inscribe_all(officer, session.id, [draft.id])
        assert draft.waiting is not None


def test_a_derogation_is_answered_before_the_session(
    draft: NqeProject, bearer: Actor, officer: Actor, session: Session
) -> None:
    nqe.write(bearer, draft.id, lambda kept: [setattr(kept, "is_already_funded", True), setattr(kept, "derogation", "Besoin.")])
    summers.nqe_read(summers.nqe_admitted(draft, officer), officer)
    assert "dérogation" in obstacle(session)
    nqe.answer_derogation(officer, draft.id, is_granted=True, reason="Le besoin est réel.")
    assert obstacle(session) == ""


def test_nobody_decides_beside_the_session(read: NqeProject, officer: Actor, session: Session, region: FlaskClient) -> None:
    services.inscribe(officer, session.id, read.id)
    with pytest.raises(NotNow, match="en séance"):
        nqe.grant(officer, read.id, amount_cents=1_00, reason="Oui.", act_reference="CP")
    with pytest.raises(NotNow, match="en séance"):
        nqe.reject(officer, read.id, reason="Non.")
    answer = region.get(f"/nqe/{read.id}/decider", follow_redirects=True)
    assert "devant le comité" in answer.text
    assert read.state == "admissible"


# In session


def test_a_part_of_the_request_is_granted_within_the_envelope_and_told_once_the_minutes_are_signed(
    read: NqeProject, bearer: Actor, officer: Actor, session: Session, summer: Edition
) -> None:
    services.inscribe(officer, session.id, read.id)
    with sitting(session) as manager:
        voted(manager, read, "grant", cents=4_000_00)
        assert read.state == "admissible", "nothing leaves the room"
        assert ledger.balance(summer.id).reserved == 4_000_00
        before = len(letters_to(who(bearer).email))
        signed(manager, session)
    db.session.expire_all()
    assert (read.state, read.granted_cents) == ("granted", 4_000_00)
    assert re.search(r"accorde 4.000.€ au projet .*, sur 7.000.€ demandés", read.decisions[-1].reason)
    assert len(letters_to(who(bearer).email)) == before + 1, "one letter, at that moment"
    assert ledger.balance(summer.id).reserved == 0


def test_a_grant_stays_under_the_request_the_cap_and_what_the_others_left(
    read: NqeProject, officer: Actor, session: Session, summer: Edition, quarters: list[Perimeter]
) -> None:
    other = summers.nqe_draft(summer, quarters=quarters, title="Un autre été")
    summers.nqe_read(summers.nqe_admitted(other, officer), officer)
    agenda.inscribe_all(officer, session.id, [read.id, other.id])
    with sitting(session) as manager:
        with pytest.raises(Invalid) as refused:
            review.propose(manager, read.waiting.id, "grant", amount_cents=7_000_01)
        assert refused.value.field == "amount"
        voted(manager, read, "grant", cents=7_000_00)
        assert review.passage_of(other.waiting).suggested_cents(other.waiting) == 3_000_00
        with pytest.raises(Invalid):
            review.propose(manager, other.waiting.id, "grant", amount_cents=3_000_01)
        voted(manager, other, "grant", cents=3_000_00)


@pytest.mark.parametrize(("action", "state"), [("defer", "deferred"), ("reject", "rejected")])
def test_a_refusal_or_another_session_says_why(
    read: NqeProject, officer: Actor, session: Session, action: str, state: str
) -> None:
    services.inscribe(officer, session.id, read.id)
    with sitting(session) as manager:
        with pytest.raises(Invalid):
            review.propose(manager, read.waiting.id, action)
        voted(manager, read, action, asked="Précisez le plan de repli.")
        signed(manager, session)
    db.session.expire_all()
    assert read.state == state
    assert "Précisez le plan de repli." in read.decisions[-1].reason


def test_a_deferred_registration_comes_back_to_another_session(
    read: NqeProject, bearer: Actor, officer: Actor, session: Session
) -> None:
    services.inscribe(officer, session.id, read.id)
    with sitting(session) as manager:
        voted(manager, read, "defer", asked="Un budget plus clair.")
        signed(manager, session)
        db.session.expire_all()
        projects.edit(bearer, read.id, lambda kept: setattr(kept, "summary", "Plus clair."))
        again = factories.pic_session(session.fund, days=30)
        services.inscribe(officer, again.id, read.id)
        assert (read.state, read.waiting.session_id) == ("admissible", again.id)


# What is read


def test_the_reading_pack_tells_the_principles_the_opinions_and_the_eco_grid(
    read: NqeProject, officer: Actor, session: Session, region: FlaskClient
) -> None:
    opinion = registration.ask_opinion(
        officer, read.id, level="commune", body="Amiens", email="mairie@exemple.fr", due_on=clock.today()
    )
    token = letters_to("mairie@exemple.fr")[0].body.split("/nqe/avis/")[1].split()[0]
    registration.answer_opinion(token, outcome="reserved", words="Prévoir la sécurité.", signed_by="Mme Roy, adjointe")
    assert opinion.outcome == "reserved"
    services.inscribe(officer, session.id, read.id)
    page = region.get(f"/comites/seances/{session.id}/lecture").text
    for words in ("Prévoir la sécurité.", "Un bel été.", "Convaincant", "Une fontaine de quartier.", "Zéro jetable"):
        assert words in page
    assert "Prévoir la sécurité." in region.get(f"/comites/passages/{read.waiting.id}").text
    assert region.get(f"/comites/seances/{session.id}").status_code == 200


def test_a_pack_of_many_asks_as_much_as_a_pack_of_two(
    read: NqeProject,
    officer: Actor,
    session: Session,
    summer: Edition,
    quarters: list[Perimeter],
    region: FlaskClient,
) -> None:
    url, counts = f"/comites/seances/{session.id}/lecture", []
    services.inscribe(officer, session.id, read.id)
    for size in (1, 4):
        for rank in range(size):
            other = summers.nqe_draft(summer, quarters=quarters, title=f"Été {size}.{rank}")
            summers.nqe_read(summers.nqe_admitted(other, officer), officer)
            services.inscribe(officer, session.id, other.id)
        db.session.expire_all()
        with counted() as asked:
            assert region.get(url).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
