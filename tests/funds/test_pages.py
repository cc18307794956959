"""Pages of a fund: who keeps it sets its territory, its sectors and its periods; everybody reads them."""

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from citizen.db import db
from citizen.funds import services
from citizen.funds.models import Call, Fund
from citizen.kernel.access import Role
from citizen.pic.models import PicFund
from tests.factories import login, manager_of, person, pic_call, pic_fund, pic_quarter
from tests.house.posting import fields_of

PERIOD = {
    "title": "Année 2028", "opens_on": "2028-01-01", "closes_on": "2028-12-31", "envelope": "10 000,01", "funder_1": "Région",
    "percent_1": "70", "funder_2": "Ville", "percent_2": "30",
}  # fmt: skip


def enter(client: FlaskClient, fund: Fund, role: Role = Role.FUND_MANAGER) -> None:
    login(client, person(duties=[(role, fund.on if role is Role.FUND_MANAGER else "platform")]))


@pytest.mark.parametrize("role", [Role.FUND_MANAGER, Role.ADMINISTRATOR])
def test_a_year_is_opened_with_its_funders_and_their_shares_are_public(client: FlaskClient, role: Role) -> None:
    fund = pic_fund()
    enter(client, fund, role)
    page = client.post(f"/fonds/{fund.id}/periodes/nouvelle", data=PERIOD, follow_redirects=True).text
    assert "7\u202f000,01\u202f€" in page
    public = client.get(f"/pic/fonds/{fund.slug}").text
    assert "Région" in public
    assert "3\u202f000\u202f€" in public
    call = fund.calls[-1]
    assert 'value="Ville"' in client.get(f"/fonds/{fund.id}/periodes/nouvelle").text, "the next year starts from the last"
    changed = PERIOD | {"percent_1": "50", "percent_2": "40", "funder_3": "État", "percent_3": "10"}
    client.post(f"/fonds/{fund.id}/periodes/{call.id}", data=changed)
    kept = db.session.get_one(Call, call.id, populate_existing=True)
    assert [one.percent for one in kept.funders] == [50, 40, 10]
    assert kept.envelope_cents == 10_000_01


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"percent_2": "20"}, "Le total des parts fait 90"),
        ({"percent_2": ""}, "Écrivez le nom et la part."),
        ({"funder_2": ""}, "Écrivez le nom et la part."),
        ({"percent_1": "x"}, "percent_1-erreur"),
        ({"funder_2": "Région"}, "nommé deux fois"),
        ({"closes_on": "2027-01-01"}, "La fin vient avant le début."),
        ({"envelope": "beaucoup"}, "Écrivez un montant"),
    ],
)
def test_a_period_ill_filled_is_refused_and_kept_on_the_page(client: FlaskClient, changed: dict[str, str], words: str) -> None:
    fund = pic_fund()
    enter(client, fund)
    answer = client.post(f"/fonds/{fund.id}/periodes/nouvelle", data=PERIOD | changed)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Année 2028"' in answer.text
    assert fund.calls == []


def test_quarters_and_whole_communes_are_added_and_taken_away(client: FlaskClient) -> None:
    fund, other = pic_fund(), pic_quarter("Le Lac")
    enter(client, fund)
    town, mine = other.communes[0], fund.perimeters[0]
    page = f"/fonds/{fund.id}/tenir"
    data = {"title": "Fonds du bassin", "perimeters": [str(mine.id)], "perimeter": str(other.id), "commune": town.code}
    assert client.post(page, data=data).status_code == 303
    public = client.get(f"/pic/fonds/{fund.slug}").text
    for words in ("Fonds du bassin", mine.name, "Le Lac", "toute la commune"):
        assert words in public
    client.post(page, data={"title": "Fonds du bassin", "perimeters": [str(other.id)], "communes": []})
    db.session.expire_all()
    assert ([one.id for one in fund.perimeters], fund.communes) == ([other.id], [])
    assert client.post(page, data=data | {"title": " "}).status_code == 422
    assert client.post(page, data=data | {"perimeters": ["999999"]}).status_code == 422


def test_what_the_page_shows_sent_back_untouched_changes_nothing(client: FlaskClient) -> None:
    fund, town = pic_fund(), pic_quarter("Le Lac").communes[0]
    kept = [one.id for one in fund.perimeters]
    services.change_fund(manager_of(fund), fund.id, title=fund.title, perimeter_ids=kept, commune_codes=[town.code])
    enter(client, fund)
    page = f"/fonds/{fund.id}/tenir"
    form = BeautifulSoup(client.get(page).text, "html.parser").select("main form")[-1]
    assert client.post(page, data={name: list(values) for name, (_kind, values) in fields_of(form).items()}).status_code == 303
    db.session.expire_all()
    assert ([one.id for one in fund.perimeters], [one.code for one in fund.communes]) == (kept, [town.code])


def test_a_sector_is_opened_and_shown_on_its_parents_page(client: FlaskClient) -> None:
    fund = pic_fund()
    enter(client, fund)
    data = {"title": "Secteur du lac", "adopted_on": "2027-03-01", "act_reference": "AG"}
    page = client.post(f"/fonds/{fund.id}/secteurs/nouveau", data=data, follow_redirects=True).text
    assert "Tenir le fonds : Secteur du lac" in page
    assert "Secteur du lac" in client.get(f"/pic/fonds/{fund.slug}").text
    sector = db.session.query(PicFund).filter(PicFund.parent_id == fund.id).one()
    assert fund.title in client.get(f"/pic/fonds/{sector.slug}").text
    assert client.get(f"/fonds/{sector.id}/secteurs/nouveau").status_code == 404


def test_a_period_of_another_fund_is_not_there(client: FlaskClient) -> None:
    call, fund = pic_call(), pic_fund()
    enter(client, fund)
    assert client.get(f"/fonds/{fund.id}/periodes/{call.id}").status_code == 404
    assert client.get(f"/fonds/{call.fund_id}/tenir").status_code == 403


def test_a_share_is_cut_to_the_cent(client: FlaskClient) -> None:
    call = pic_call(envelope_cents=100_01)
    services.change_call(
        manager_of(call.fund), call.id, title="x", opens_on=call.opens_on, closes_on=call.closes_on,
        funders=[("Région", 50), ("Ville", 50)],
    )  # fmt: skip
    assert [cents for _funder, cents in call.shares] == [50_01, 50_00]
