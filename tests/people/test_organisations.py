"""Organisations: who may open one, invite, rename, leave."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from citizen.db import db
from citizen.kernel.access import Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail.models import Letter
from citizen.people import organisations, queries
from tests import factories


def invited(email: str) -> str:
    body = db.session.scalars(select(Letter.body).where(Letter.to == email).order_by(Letter.id.desc())).first()
    found = re.search(r"/invitation/(\S+)", body or "")
    assert found
    return found[1]


def test_who_opens_a_group_is_its_first_member(app: Flask) -> None:
    who = factories.person()
    group = organisations.create(factories.actor(who), "group", "  Les voisins  du port ")
    assert group.name == "Les voisins du port"
    assert factories.actor(who).holds(Role.ORGANISATION_MEMBER, f"organisation:{group.id}")
    assert [member.person_id for member in queries.organisation(group.id).members] == [who.id]


@pytest.mark.parametrize(
    ("rna", "siret", "field"),
    [
        ("", "", "rna"),
        ("W59", "", "rna"),
        ("", "73282932000075", "siret"),
        ("W595012345", "123", "siret"),
        ("faux", "73282932000074", "rna"),
    ],
)
def test_an_association_needs_a_right_number(app: Flask, rna: str, siret: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        organisations.create(factories.actor(factories.person()), "association", "Asso", rna=rna, siret=siret)
    assert refusal.value.field == field


def test_one_association_is_registered_once(app: Flask) -> None:
    factories.organisation(kind="association", rna="W595012345", siret="73282932000074")
    for field, values in {"rna": {"rna": "w595012345"}, "siret": {"siret": "732 829 320 00074"}}.items():
        with pytest.raises(Invalid) as refusal:
            factories.organisation(kind="association", **values)
        assert refusal.value.field == field


@pytest.mark.parametrize("kind", ["commune", "intermunicipality", "region", "", "platform"])
def test_residents_do_not_open_public_bodies(app: Flask, kind: str) -> None:
    with pytest.raises(Forbidden):
        organisations.create(factories.actor(factories.person()), kind, "Ville")


def test_an_administrator_opens_a_commune_without_joining_it(app: Flask) -> None:
    town = factories.organisation(kind="commune", name="Denain")
    assert list(queries.organisation(town.id).members) == []


def test_an_unproved_address_opens_none(app: Flask) -> None:
    with pytest.raises(NotNow):
        factories.organisation(factories.actor(factories.person(verified=False)))


def test_an_invited_person_joins_by_the_link_received(app: Flask) -> None:
    owner, guest = factories.person(), factories.person()
    group = factories.organisation(factories.actor(owner))
    organisations.invite(factories.actor(owner), group.id, guest.email)
    token = invited(guest.email)
    with pytest.raises(Forbidden):
        organisations.accept(factories.actor(factories.person()), group.id, token)
    organisations.accept(factories.actor(guest), group.id, token)
    assert factories.actor(guest).holds(Role.ORGANISATION_MEMBER, f"organisation:{group.id}")
    with pytest.raises(NotNow):
        organisations.accept(factories.actor(guest), group.id, token)


def test_an_invitation_opens_one_organisation_only(app: Flask) -> None:
    owner, guest = factories.person(), factories.person()
    group, other = factories.organisation(factories.actor(owner)), factories.organisation()
    organisations.invite(factories.actor(owner), group.id, guest.email)
    with pytest.raises(NotNow):
        organisations.accept(factories.actor(guest), other.id, invited(guest.email))


def test_an_invitation_to_nobody_says_the_same(app: Flask) -> None:
    group = factories.organisation(factories.actor(owner := factories.person()))
    assert organisations.invite(factories.actor(owner), group.id, "absente@exemple.fr") is None
    assert db.session.scalars(select(Letter)).all() == []


def test_strangers_change_nothing(app: Flask) -> None:
    """CVE-2026-45330: a member of one organisation is nobody in another."""
    group, stranger = factories.organisation(), factories.person()
    factories.organisation(factories.actor(stranger))
    who = factories.actor(stranger)
    assert who.holds(Role.ORGANISATION_MEMBER)
    for act in (
        lambda: organisations.rename(who, group.id, "À nous"),
        lambda: organisations.invite(who, group.id, "a@exemple.fr"),
        lambda: organisations.leave(who, group.id),
    ):
        with pytest.raises(Forbidden):
            act()


def test_the_last_member_stays(app: Flask) -> None:
    owner, second = factories.person(), factories.person()
    group = factories.organisation(factories.actor(owner))
    with pytest.raises(NotNow):
        organisations.leave(factories.actor(owner), group.id)
    organisations.invite(factories.actor(owner), group.id, second.email)
    organisations.accept(factories.actor(second), group.id, invited(second.email))
    organisations.leave(factories.actor(owner), group.id)
    assert not factories.actor(owner).duties
    assert queries.organisations_of(owner.id) == []
