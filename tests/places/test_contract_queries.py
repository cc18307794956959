"""City contracts: what they hold, and the contract of a perimeter."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from citizen.db import db, transaction
from citizen.places import queries
from citizen.places.contract_models import CityContract, RenewalSite, Signatory
from citizen.places.models import Commune
from tests.region.seeding import perimeter


def commune(code: str, name: str) -> Commune:
    return Commune(code=code, name=name, search_name=name.lower(), departement=code[:2])


def contract(slug: str = "lille", **values: Any) -> CityContract:
    given = {"title": slug.title(), "search_name": slug, "state": "published"} | values
    made = CityContract(slug=slug, **given)
    db.session.add(made)
    return made


@pytest.fixture
def oliveaux(app: Flask) -> int:
    """The id of a quarter of Loos, held by the contract « lille », which also names Ronchin."""
    with transaction():
        loos, ronchin = commune("59360", "Loos"), commune("59507", "Ronchin")
        quarter = perimeter("QN05946M", "Les Oliveaux", [loos])
        contract(perimeters=[quarter], communes=[ronchin], starts_on=date(2024, 1, 1), ends_on=date(2030, 12, 31))
        db.session.flush()
        return quarter.id


def test_a_contract_holds_its_perimeters_their_communes_and_those_it_names(oliveaux: int) -> None:
    found = queries.contract("lille")
    assert found is not None
    assert [one.id for one in found.perimeters] == [oliveaux]
    assert found.towns == sorted(db.session.scalars(select(queries.contract_communes().c.commune_code))) == ["59360", "59507"]


def test_the_contract_of_a_perimeter_is_published_and_not_over(oliveaux: int) -> None:
    assert [one.slug for one in queries.contracts_of([oliveaux], date(2030, 12, 31))] == ["lille"]
    assert not queries.contracts_of([oliveaux], date(2031, 1, 1))
    with transaction():
        db.session.query(CityContract).one().state = "draft"
    assert not queries.contracts_of([oliveaux], date(2026, 1, 1))
    assert not queries.contracts() and len(queries.contracts(with_drafts=True)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "elsewhere"},
        {"starts_on": date(2030, 1, 1), "ends_on": date(2029, 1, 1)},
        {"title": ""},
        {"signatories": [Signatory(name="Ville", kind="friend")]},
        {"signatories": [Signatory(name="Ville", kind="commune"), Signatory(name="Ville", kind="state")]},
        {"renewal_sites": [RenewalSite(name="Centre", kind="local")]},
    ],
)
def test_the_schema_refuses_what_cannot_be(app: Flask, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction():
        contract(**wrong)
