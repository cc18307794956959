"""Where a region of full size stands: its places, its people, its funds and their calls."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Table

from citizen import clock
from citizen.committees.models import Session
from citizen.ftu.models import Campaign, CampaignPhase, FtuFund, FtuProject
from citizen.funds.models import Call, Fund, Ruleset, fund_perimeter
from citizen.nqe.models import Edition, NqeFund, NqeProject
from citizen.people.models import Organisation, Person
from citizen.pic.models import PicCall, PicFund, PicProject
from citizen.places.models import (
    Commune,
    Intermunicipality,
    Perimeter,
    perimeter_commune,
    perimeter_intermunicipality,
)

QUARTERS, WATCHED, COMMUNES, TOWNS, PEOPLE, BODIES = 204, 40, 155, 39, 2_000, 600
YEARS, PIC_FUNDS, FTU_FUNDS, OPTIONS, DATES = 7, 100, 40, 6, 15
A_YEAR = {"pic": 3_430, "ftu": FTU_FUNDS * OPTIONS, "nqe": 130}  # 3,800 projects
BALLOTS = 700_000
KINDS: dict[str, tuple[type, type, type]] = {
    "pic": (PicFund, PicCall, PicProject), "ftu": (FtuFund, Campaign, FtuProject), "nqe": (NqeFund, Edition, NqeProject),
}  # fmt: skip
Rows = dict[Table, list[dict[str, Any]]]


def table(model: Any) -> Table:
    return model.__table__


def places(rows: Rows) -> None:
    rows[table(Intermunicipality)] = [
        {"siren": siren_of(n), "name": f"Agglomération {n}", "kind": "CA", "population": 150_000} for n in range(TOWNS)
    ]
    rows[table(Commune)] = [
        {
            "code": commune_of(n), "name": f"Commune {n}", "search_name": f"commune {n}", "departement": departement_of(n),
            "population": 4_000 + 937 * n % 60_000, "postal_codes": [f"{departement_of(n)}{n:03d}"],
            "intermunicipality_siren": siren_of(n % TOWNS),
        }
        for n in range(COMMUNES)
    ]  # fmt: skip
    for n in range(QUARTERS + WATCHED):
        kind, town, lon, lat = "priority" if n < QUARTERS else "watch", n % COMMUNES, 2 + n % 20 / 10, 49 + n // 20 / 10
        ring = [[lon + x / 500, lat + y / 500] for x, y in ((0, 0), (2, 0), (3, 1), (2, 2), (0, 2), (-1, 1), (0, 0))]
        rows[table(Perimeter)].append(
            {
                "id": n + 1, "code": f"QN{town:03d}{n:02d}"[:8], "name": f"Quartier {n}", "search_name": f"quartier {n}",
                "kind": kind, "version": "2024", "valid_from": date(2024, 1, 1), "departement": departement_of(town),
                "population": 1_000 + 613 * n % 9_000, "lon": lon, "lat": lat, "outline": [[ring]],
            }
        )  # fmt: skip
        rows[perimeter_commune].append({"perimeter_id": n + 1, "commune_code": commune_of(town)})
        rows[perimeter_intermunicipality].append({"perimeter_id": n + 1, "siren": siren_of(town % TOWNS)})


def siren_of(number: int) -> str:
    return f"200{number:06d}"


def departement_of(commune: int) -> str:
    return ("59", "62", "59", "80", "60", "62", "02")[commune % 7]


def commune_of(number: int) -> str:
    return f"{departement_of(number)}{100 + number}"


def bearers(rows: Rows) -> None:
    long_ago = datetime(2019, 1, 1, tzinfo=UTC)
    rows[table(Person)] = [
        {"id": n, "email": f"p{n}@exemple.test", "name": f"Personne {n}", "password_hash": "!", "verified_at": long_ago,
         "created_at": long_ago}
        for n in range(1, PEOPLE + 1)
    ]  # fmt: skip
    kinds = ("association", "group", "association", "commune", "region")
    rows[table(Organisation)] = [
        {"id": n, "kind": kinds[n % 2] if n > 2 else kinds[n + 2], "name": f"Collectif {n}", "created_at": long_ago}
        for n in range(1, BODIES + 1)
    ]  # fmt: skip


def fund_of(scheme: str, rank: int) -> int:
    """The fund of the ``rank``-th project of a year."""
    return {"pic": 1 + rank % PIC_FUNDS, "ftu": 1 + PIC_FUNDS + rank // OPTIONS % FTU_FUNDS, "nqe": 1 + PIC_FUNDS + FTU_FUNDS}[
        scheme
    ]


def call_of(fund: int, year: int) -> int:
    return (year - first_year()) * (PIC_FUNDS + FTU_FUNDS + 1) + fund


def first_year() -> int:
    """The first of seven whole years."""
    return clock.today().year - YEARS


def calls(rows: Rows) -> None:
    for fund in range(1, PIC_FUNDS + FTU_FUNDS + 2):
        scheme = "pic" if fund <= PIC_FUNDS else "ftu" if fund <= PIC_FUNDS + FTU_FUNDS else "nqe"
        model, call_model, _kind = KINDS[scheme]
        home = None if scheme == "nqe" else commune_of(fund % COMMUNES)
        rows[table(Fund)].append(
            {"id": fund, "scheme": scheme, "slug": f"fonds-{fund}", "title": f"Fonds {fund}", "organisation_id": 1 if scheme == "ftu" else 2,
             "commune_code": home}
        )  # fmt: skip
        rows[table(Ruleset)].append(
            {"id": fund, "fund_id": fund, "version": 1, "terms": model.rules.default_terms(),
             "adopted_on": date(first_year(), 1, 1), "act_reference": "acte"}
        )  # fmt: skip
        if home:
            rows[fund_perimeter].append({"fund_id": fund, "perimeter_id": fund % COMMUNES + 1})
        for year in range(first_year(), first_year() + YEARS):
            number, days = call_of(fund, year), {"opens_on": date(year, 1, 2), "closes_on": date(year, 12, 20)}
            title = {"pic": f"Année {year}", "ftu": f"Campagne {year}", "nqe": f"Été {year}"}[scheme]
            rows[table(Call)].append(
                {"id": number, "scheme": scheme, "fund_id": fund, "ruleset_id": fund, "title": title} | days
            )
            season = {"year": year, "theme_title": "Les fanfares", "axes": [], "season_starts_on": date(year, 6, 21),
                      "season_ends_on": date(year, 9, 20)} if scheme == "nqe" else {}  # fmt: skip
            if scheme != "pic":
                rows[table(call_model)].append({"id": number} | season)
            if scheme == "ftu":
                first = date(year, 2, 11)
                rows[table(CampaignPhase)].append(
                    {"campaign_id": number, "kind": "vote", "first_on": first, "last_on": first + timedelta(8)}
                )
            for quarter in range(4 if scheme == "pic" else 0):
                held = datetime(year, 3 * quarter + 2, 20, 17, tzinfo=UTC)
                rows[table(Session)].append(
                    {"id": (number - 1) * 4 + quarter + 1, "fund_id": fund, "held_at": held, "place": "Mairie", "opened_at": held,
                     "closed_at": held + timedelta(hours=3)}
                )  # fmt: skip
