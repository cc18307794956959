"""What search engines read of a date: a graph that a parser of JSON-LD understands, with all that an Event needs."""

import json
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from citizen.db import transaction
from citizen.kernel.access import Actor
from citizen.nqe import booking, services
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.projects import ending

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # the parser's own
S = Namespace("https://schema.org/")
LINKS = ("url", "image", "eventStatus", "eventAttendanceMode", "availability")
CONTEXT: dict[str, Any] = {"@vocab": str(S)} | {
    one: {"@id": str(S[one]), "@type": "@id"} for one in LINKS
}  # as schema.org's own


def graph_of(client: FlaskClient, event: ProgrammeEvent) -> tuple[Graph, Node]:
    """The page's data, read by a parser that is not ours, and the event in them; schema.org's context is here, not fetched."""
    block = BeautifulSoup(client.get(f"/agenda/{event.id}").text, "html.parser").find("script", type="application/ld+json")
    assert block is not None and block.string is not None
    told = json.loads(block.string)
    assert told["@context"] == "https://schema.org"
    graph = Graph().parse(data=json.dumps(told | {"@context": CONTEXT}), format="json-ld")
    (found,) = graph.subjects(RDF.type, S.Event)
    return graph, found


def said(graph: Graph, of: Node, *path: str) -> Any:
    """What stands at the end of these properties; exactly one."""
    for name in path:
        (of,) = graph.objects(of, S[name])
    return of.toPython() if isinstance(of, Literal) else of


@pytest.fixture
def party(granted: NqeProject) -> ProgrammeEvent:
    return granted.programme[0]


def test_a_planned_date_has_all_that_search_engines_ask(client: FlaskClient, party: ProgrammeEvent) -> None:
    graph, event = graph_of(client, party)
    starts, ends = (datetime.fromisoformat(said(graph, event, name)) for name in ("startDate", "endDate"))
    assert (starts, ends) == (datetime(2027, 7, 3, 12, tzinfo=UTC), datetime(2027, 7, 3, 16, tzinfo=UTC))
    assert starts.utcoffset() is not None, "the zone is told"
    assert said(graph, event, "name") == party.title
    assert said(graph, event, "eventStatus") == S.EventScheduled
    assert said(graph, event, "eventAttendanceMode") == S.OfflineEventAttendanceMode
    assert said(graph, event, "isAccessibleForFree") is True
    assert said(graph, event, "location", "name") == "Place du Pays d’Auge"
    for name, words in (
        ("addressLocality", "Commune 80021"),
        ("addressCountry", "FR"),
        ("streetAddress", "Place du Pays d’Auge"),
    ):
        assert said(graph, event, "location", "address", name) == words
    assert (said(graph, event, "offers", "price"), said(graph, event, "offers", "priceCurrency")) == (0, "EUR")
    assert said(graph, event, "offers", "availability") == S.InStock
    lead, home = said(graph, event, "organizer", "name"), said(graph, event, "organizer", "url")
    assert lead == party.project.organisation.name
    for link in (home, said(graph, event, "image"), said(graph, event, "url"), said(graph, event, "offers", "url")):
        assert isinstance(link, URIRef) and link.startswith("http")
        assert client.get(link.removeprefix("http://localhost:8000")).status_code == 200, link
    assert said(graph, event, "description")
    assert not list(graph.objects(event, S.previousStartDate))


def test_a_moved_date_says_where_it_stood(client: FlaskClient, party: ProgrammeEvent, bearer: Actor) -> None:
    services.move_date(
        bearer,
        party.project_id,
        party.id,
        on=date(2027, 7, 5),
        starts_at=time(10),
        ends_at=None,
        place="Le </script> parc",
        note="Orage.",
    )
    graph, event = graph_of(client, party)
    assert said(graph, event, "eventStatus") == S.EventRescheduled
    assert datetime.fromisoformat(said(graph, event, "previousStartDate")) == datetime(2027, 7, 3, 12, tzinfo=UTC)
    assert datetime.fromisoformat(said(graph, event, "startDate")) == datetime(2027, 7, 5, 8, tzinfo=UTC)
    assert said(graph, event, "location", "name") == "Le </script> parc"


def test_a_cancelled_date_stays_with_its_day(client: FlaskClient, party: ProgrammeEvent, bearer: Actor) -> None:
    services.cancel_date(bearer, party.project_id, party.id, note="Canicule.")
    graph, event = graph_of(client, party)
    assert said(graph, event, "eventStatus") == S.EventCancelled
    assert datetime.fromisoformat(said(graph, event, "startDate")) == datetime(2027, 7, 3, 12, tzinfo=UTC)


def test_the_dates_of_a_cancelled_summer_are_cancelled(client: FlaskClient, party: ProgrammeEvent, officer: Actor) -> None:
    ending.cancel(officer, party.project_id, "L’association s’arrête.")
    graph, event = graph_of(client, party)
    assert said(graph, event, "eventStatus") == S.EventCancelled


def test_a_full_date_has_no_place_left(client: FlaskClient, party: ProgrammeEvent, bearer: Actor) -> None:
    with transaction():
        booking.set_places(bearer, party, takes_bookings=True, capacity=2)
    booking.book(party.id, name="Awa", contact="awa@exemple.fr", people=2)
    graph, event = graph_of(client, party)
    assert said(graph, event, "offers", "availability") == S.SoldOut
    assert (said(graph, event, "maximumAttendeeCapacity"), said(graph, event, "remainingAttendeeCapacity")) == (2, 0)
