"""As many ballots as signatures, or a reason that is published."""

import pytest
from flask import Flask

from citizen import clock
from citizen.ballots import paper, preparation, services, verifying
from citizen.ballots.models import Poll
from citizen.kernel.access import Actor
from citizen.kernel.lifecycle import NotNow
from tests.ballots.papers import a_box, on_the_roll, read_twice, signed
from tests.factories import actor, person
from tests.works import announced_poll, works_officer


@pytest.fixture
def officer(app: Flask) -> Actor:
    return works_officer()


@pytest.fixture
def poll(officer: Actor) -> Poll:
    return announced_poll(officer, [12_000_00, 11_000_00, 9_000_00])


def test_an_explanation_holds_for_its_difference_alone(poll: Poll, officer: Actor) -> None:
    with clock.at(poll.closes_at):
        signed(poll, officer, 13)
        number = a_box(poll, officer, *["1"] * 12)
        read_twice(number, *["1"] * 12)
        paper.explain(officer, poll.id, "Une personne a gardé son bulletin.")
        signed(poll, officer, 1)
        with pytest.raises(NotNow, match="expliquez la différence"):
            services.tally(officer, poll.id)


@pytest.mark.parametrize("has_box", [True, False])
def test_an_explanation_of_nothing_is_not_published(poll: Poll, officer: Actor, *, has_box: bool) -> None:
    """The signature in excess was entered on the wrong line, and is taken back."""
    with clock.at(poll.opens_at):
        services.vote(actor(person()), poll.id, [poll.options[0].id], is_eligible=True)
    with clock.at(poll.closes_at):
        signed(poll, officer, 12 if has_box else 0)
        if has_box:
            number = a_box(poll, officer, *["1"] * 12)
            read_twice(number, *["1"] * 12)
        line = on_the_roll(poll, 1)[0]
        paper.sign(officer, poll.id, line)
        paper.explain(officer, poll.id, "Une personne a gardé son bulletin.")
        paper.unsign(officer, poll.id, line)
        services.tally(officer, poll.id)
    assert preparation.published(poll.id)[1] == ""
    assert verifying.faults(poll) == []
