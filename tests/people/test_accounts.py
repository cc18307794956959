"""Signing up, proving one's address, signing in, choosing a new password."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from citizen import clock
from citizen.db import db, transaction
from citizen.journal.queries import events_of
from citizen.kernel.access import NOBODY, Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.people import links, passwords, queries, services, signing
from citizen.people.models import Link, Person, SignIn
from citizen.projects import services as projects
from tests import factories
from tests.conftest import NOON
from tests.people.mailbag import letters, token_in

PASSWORD = factories.PASSWORD


def signed_up(email: str = "amina@exemple.fr") -> str:
    """Somebody signs up: the token of the letter received."""
    services.sign_up(email, "Amina", PASSWORD)
    return token_in(letters(email)[-1])


def test_who_signs_up_proves_the_address_by_the_link_received(app: Flask) -> None:
    token = signed_up()
    assert queries.person_at("AMINA@exemple.fr ").verified_at is None
    services.verify(token)
    assert queries.person_at("amina@exemple.fr").verified_at == NOON
    events = events_of(f"person:{queries.person_at('amina@exemple.fr').id}")
    assert [event.action for event in events] == ["signed_up", "verified"]


def test_the_letter_says_no_word_the_stranger_typed(app: Flask) -> None:
    services.sign_up("victime@exemple.fr", "Gagnez 1000 € sur evil.fr", PASSWORD)
    assert "evil" not in letters()[0].body + letters()[0].subject
    assert letters()[0].body.count("http") == 1


def test_the_address_of_a_letter_comes_from_the_settings(app: Flask) -> None:
    app.test_client().post(
        "/mot-de-passe-oublie", data={"email": factories.person("a@exemple.fr").email}, headers={"Host": "evil.fr"}
    )
    assert letters()[0].body.count("http://localhost:8000/") == 1
    assert "evil" not in letters()[0].body


def test_signing_up_twice_says_nothing_and_tells_the_owner(app: Flask) -> None:
    factories.person("amina@exemple.fr", "Amina")
    assert services.sign_up("amina@exemple.fr", "Mallory", "un autre mot de passe") is None
    assert queries.person_at("amina@exemple.fr").name == "Amina"
    assert "déjà" in letters()[0].subject
    services.sign_in("amina@exemple.fr", PASSWORD)


def test_signing_up_again_does_not_take_over_an_unproved_account(app: Flask) -> None:
    signed_up()
    services.sign_up("amina@exemple.fr", "Mallory", "un autre mot de passe")
    services.sign_in("amina@exemple.fr", PASSWORD)
    with pytest.raises(Invalid):
        services.sign_in("amina@exemple.fr", "un autre mot de passe")


@pytest.mark.parametrize(
    ("email", "name", "password", "field"),
    [
        ("pas une adresse", "A", PASSWORD, "email"),
        ("a@exemple.fr", " \u200b ", PASSWORD, "name"),
        ("a@exemple.fr", "x" * 81, PASSWORD, "name"),
        ("a@exemple.fr", "A", "court", "password"),
    ],
)
def test_a_bad_value_is_shown_next_to_its_field(app: Flask, email: str, name: str, password: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        services.sign_up(email, name, password)
    assert refusal.value.field == field
    assert queries.person_at(email) is None


def test_a_link_serves_once(app: Flask) -> None:
    token = signed_up()
    services.verify(token)
    with pytest.raises(NotNow):
        services.verify(token)


def test_a_link_does_not_outlive_its_time(app: Flask) -> None:
    token = signed_up()
    with clock.at(NOON + timedelta(days=3, seconds=1)), pytest.raises(NotNow):
        services.verify(token)


def test_a_link_serves_its_purpose_only(app: Flask) -> None:
    """CVE-2023-48220: what a link was made for cannot be had by another kind of link."""
    verify = signed_up()
    services.request_reset("amina@exemple.fr")
    reset = token_in(letters()[-1])
    with pytest.raises(NotNow):
        services.reset(verify, "un tout nouveau mot de passe")
    with pytest.raises(NotNow):
        services.verify(reset)


def test_an_expired_verification_is_not_revived_by_a_reset(app: Flask) -> None:
    """CVE-2023-48220."""
    verify = signed_up()
    with clock.at(NOON + timedelta(days=4)):
        services.request_reset("amina@exemple.fr")
        services.reset(token_in(letters()[-1]), "un tout nouveau mot de passe")
        assert queries.person_at("amina@exemple.fr").verified_at is None
        with pytest.raises(NotNow):
            services.verify(verify)


def test_only_hashes_of_tokens_are_kept(app: Flask) -> None:
    token = signed_up()
    session = services.sign_in("amina@exemple.fr", PASSWORD)
    kept = [*db.session.scalars(select(Link.token_hash)), *db.session.scalars(select(SignIn.token_hash))]
    assert len(kept) == 2
    assert not {token, session} & set(kept)


def test_a_reset_ends_every_session_and_every_other_link(app: Flask) -> None:
    who = factories.person()
    session = services.sign_in(who.email, PASSWORD)
    services.request_reset(who.email)
    services.request_reset(who.email)
    first, second = (token_in(letter) for letter in letters(who.email))
    services.reset(second, "un tout nouveau mot de passe")
    assert signing.visitor(session) is None
    for token in (first, second):
        with pytest.raises(NotNow):
            services.reset(token, "encore un autre mot de passe")
    services.sign_in(who.email, "un tout nouveau mot de passe")
    assert "changé" in letters(who.email)[-1].subject


def test_a_changed_password_makes_mailed_links_useless(app: Flask) -> None:
    who = factories.person()
    services.request_reset(who.email)
    services.change_password(factories.actor(who), PASSWORD, "un tout nouveau mot de passe")
    with pytest.raises(NotNow):
        services.reset(token_in(letters(who.email)[0]), "encore un autre mot de passe")


def test_nothing_is_sent_to_an_address_without_account(app: Flask) -> None:
    services.request_reset("personne@exemple.fr")
    assert letters() == []


def test_a_session_is_known_by_its_token_and_ends_on_its_day(app: Flask) -> None:
    who = factories.person()
    short, long = services.sign_in(who.email, PASSWORD), services.sign_in(who.email.upper(), PASSWORD, is_long=True)
    assert signing.visitor(short).actor == Actor(who.id, who.name)
    assert signing.visitor("autre") is None
    with clock.at(NOON + timedelta(days=29)):
        assert signing.visitor(short) is None
        assert signing.visitor(long)
    with clock.at(NOON + timedelta(days=31)):
        assert signing.visitor(long) is None


def test_signing_out_ends_one_session_or_all(app: Flask) -> None:
    """Decidim #9588: no session survives its end."""
    who = factories.person()
    one, two, three = (services.sign_in(who.email, PASSWORD) for _ in range(3))
    services.sign_out(one)
    assert signing.visitor(one) is None
    assert signing.visitor(two)
    services.sign_out_everywhere(factories.actor(who))
    assert signing.visitor(two) is signing.visitor(three) is None


def test_a_suspended_person_is_out_at_once_and_cannot_come_back(app: Flask) -> None:
    who = factories.person()
    session = services.sign_in(who.email, PASSWORD)
    services.request_reset(who.email)
    with transaction():
        db.session.get(Person, who.id).is_suspended = True
    assert signing.visitor(session) is None
    with pytest.raises(Invalid):
        services.sign_in(who.email, PASSWORD)
    with pytest.raises(NotNow):
        services.reset(token_in(letters(who.email)[0]), "un tout nouveau mot de passe")


def test_the_same_accents_from_another_keyboard_open_the_account(app: Flask) -> None:
    services.create_person("a@exemple.fr", "A", "l'été à Étaples")
    services.sign_in("a@exemple.fr", "l'e\u0301te\u0301 a\u0300 E\u0301taples")


def test_an_old_hash_is_made_anew_at_sign_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    who = factories.person()
    before = db.session.get(Person, who.id).password_hash
    monkeypatch.setattr(passwords, "is_outdated", lambda kept: kept == before)
    services.sign_in(who.email, PASSWORD)
    assert db.session.get(Person, who.id).password_hash != before
    services.sign_in(who.email, PASSWORD)


def test_a_site_that_is_open_uses_the_full_strength(app: Flask) -> None:
    assert passwords._tools(False)[0].memory_cost >= 65_536
    assert "m=8," in db.session.scalar(select(Person.password_hash).where(Person.id == factories.person().id))


def test_the_current_password_is_asked_before_a_new_one(app: Flask) -> None:
    who = factories.actor(factories.person())
    with pytest.raises(Invalid) as refusal:
        services.change_password(who, "pas le bon mot", "un tout nouveau mot de passe")
    assert refusal.value.field == "current"
    with pytest.raises(Forbidden):
        services.change_password(NOBODY, PASSWORD, "un tout nouveau mot de passe")


def test_an_unproved_address_stops_what_needs_it(app: Flask) -> None:
    """CONSUL #4576: verification is not something one skips by default."""
    unproved, proved = factories.person(verified=False), factories.person()
    with pytest.raises(NotNow):
        services.require_verified(factories.actor(unproved))
    with pytest.raises(Forbidden):
        services.require_verified(NOBODY)
    services.require_verified(factories.actor(proved))
    with pytest.raises(NotNow, match="adresse"):
        projects.lodge(factories.actor(unproved), 1)


def test_a_duty_is_given_once_and_withdrawn_at_once(app: Flask) -> None:
    who = factories.person()
    session = services.sign_in(who.email, PASSWORD)
    for _ in range(2):
        services.give_duty(NOBODY, who.id, Role.FUND_MANAGER, "fund:3")
    assert signing.visitor(session).actor.holds(Role.FUND_MANAGER, "fund:3")
    assert not signing.visitor(session).actor.holds(Role.FUND_MANAGER, "fund:33")
    for _ in range(2):
        services.withdraw_duty(NOBODY, who.id, Role.FUND_MANAGER, "fund:3")
    assert not signing.visitor(session).actor.duties
    assert [event.action for event in events_of(f"person:{who.id}")] == ["signed_up", "duty_given", "duty_withdrawn"]


def test_the_purposes_of_links_all_have_a_life_time() -> None:
    assert links.LIFETIMES.keys() == {links.VERIFY, links.RESET}
