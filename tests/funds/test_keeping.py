"""A fund, its territory, its sectors and who pays it, through the services and the schema underneath."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text

from citizen.db import db, transaction
from citizen.funds import services
from citizen.funds.models import Call
from citizen.kernel.access import Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden
from citizen.pic.models import PicCall, PicFund
from citizen.projects import listing
from citizen.projects import services as projects
from tests.factories import actor, administrator, manager_of, person, pic_call, pic_draft, pic_fund, pic_quarter

ACT = {"adopted_on": date(2027, 2, 1), "act_reference": "AG du 1er février"}
DAYS = {"title": "2028", "opens_on": date(2028, 1, 1), "closes_on": date(2028, 12, 31)}


def test_a_fund_spans_quarters_of_several_communes(app: Flask) -> None:
    call, elsewhere = pic_call(), pic_quarter("Ailleurs")
    fund, town = call.fund, elsewhere.communes[0].code
    assert not fund.covers(town)
    both = [*(one.id for one in fund.perimeters), elsewhere.id]
    services.change_fund(manager_of(fund), fund.id, title="Fonds du bassin", perimeter_ids=both, commune_codes=[])
    assert fund.covers(town)
    assert [one.id for one in listing.open_calls("pic", town)] == [call.id]
    assert not fund.covers(pic_quarter("Plus loin").communes[0].code)


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_place_outside_the_quarters_is_eligible_where_the_fund_takes_the_whole_commune(app: Flask, is_whole: bool) -> None:
    bearer = actor(person())
    project = pic_draft(bearer=bearer)
    fund, town = project.call.fund, pic_quarter("Ailleurs").communes[0].code
    kept = [one.id for one in fund.perimeters]
    services.change_fund(
        manager_of(fund), fund.id, title=fund.title, perimeter_ids=kept, commune_codes=[town] if is_whole else []
    )
    projects.edit(bearer, project.id, lambda one: projects.put(one, town, None, place="La place", lon=None, lat=None))
    found = {one.slug: one.is_met for one in projects.queries.findings_for(project, "lodge")}
    assert found["place-eligible"] is is_whole


def test_a_sector_has_its_own_committee_calls_and_duties_and_starts_from_its_parent(app: Flask) -> None:
    parent = pic_fund(max_amount_cents=[700_00])
    keeper = manager_of(parent)
    sector = services.open_subfund(keeper, parent.id, title="Secteur nord", **ACT)
    assert (type(sector), sector.parent_id, sector.organisation_id) == (PicFund, parent.id, parent.organisation_id)
    assert sector.rulesets[0].terms["max_amount_cents"] == [700_00]
    assert sector.perimeters == parent.perimeters
    assert parent.subfunds == [sector]
    fresh = actor(db.session.get_one(type(person()), keeper.person_id))
    assert fresh.holds(Role.FUND_MANAGER, sector.on)
    services.open_call(keeper, PicCall, sector.id, **DAYS, envelope_cents=1_000_00)  # who keeps the fund keeps its sectors
    with pytest.raises(Forbidden):
        services.open_call(manager_of(sector), PicCall, parent.id, **DAYS, envelope_cents=1_000_00)
    with pytest.raises(Invalid):
        services.open_subfund(keeper, sector.id, title="Encore plus petit", **ACT)


def test_only_who_keeps_a_fund_or_an_administrator_changes_it(app: Flask) -> None:
    fund = pic_fund()
    for somebody in (actor(person()), manager_of(pic_fund())):
        with pytest.raises(Forbidden):
            services.change_fund(somebody, fund.id, title="À moi", perimeter_ids=[], commune_codes=[])
        with pytest.raises(Forbidden):
            services.open_subfund(somebody, fund.id, title="À moi", **ACT)
    services.change_fund(administrator(), fund.id, title="Un nom", perimeter_ids=[], commune_codes=[])
    assert fund.title == "Un nom"


@pytest.mark.parametrize(
    ("funders", "is_refused"),
    [
        ([("Région", 50), ("Ville", 50)], False),
        ([("Région", 60), ("Ville", 30), ("État", 10)], False),
        ([], False),
        ([("Région", 70), ("Ville", 20)], True),
        ([("Région", 70), ("Ville", 40)], True),
        ([("Région", 70), ("région", 30)], True),
    ],
)
def test_the_shares_of_those_who_pay_make_the_whole(app: Flask, funders: list[tuple[str, int]], is_refused: bool) -> None:
    call = pic_call()
    keeper = manager_of(call.fund)
    services.change_call(keeper, call.id, **DAYS, funders=[("Région", 100)])
    if is_refused:
        with pytest.raises(Invalid) as refused:
            services.change_call(keeper, call.id, **DAYS, funders=funders)
        assert refused.value.field == "funders"
        funders = [("Région", 100)]
    else:
        services.change_call(keeper, call.id, **DAYS, funders=funders)
    kept = db.session.get_one(Call, call.id, populate_existing=True)
    assert [(one.name, one.percent) for one in kept.funders] == funders
    assert (kept.title, kept.opens_on) == ("2028", date(2028, 1, 1))


def test_the_schema_refuses_shares_beyond_the_whole(app: Flask) -> None:
    call = pic_call()
    services.change_call(manager_of(call.fund), call.id, **DAYS, funders=[("Région", 70), ("Ville", 30)])
    for statement in (
        f"INSERT INTO call_funder (call_id, position, name, percent) VALUES ({call.id}, 3, 'État', 1)",
        f"UPDATE call_funder SET percent = 31 WHERE call_id = {call.id} AND position = 2",
    ):
        with pytest.raises(Exception, match="exceed the whole"), transaction():
            db.session.execute(text(statement))
