"""City contracts in every form, as anybody reads them: the page, the API, the files."""

import json

import pytest

from tests.house.street import Street
from tests.house.test_parity import every_row, read, table, words

pytestmark = pytest.mark.slow


def test_a_contract_is_the_same_in_every_form(street: Street) -> None:
    visitor = street.app.test_client()
    told, cells = every_row(visitor, "contrats"), {int(row["numero"]): row for row in table(visitor, "contrats")}
    held = {(row["contrat"], row["quartier_code"]) for row in table(visitor, "contrats_quartiers")}
    assert told
    assert set(told) == set(cells)
    assert held == {(str(number), code) for number, one in told.items() for code in one["quartiers"]}
    for number, one in told.items():
        whole, row = json.loads(read(visitor, f"/api/v1/contrats/{number}")), cells[number]
        page = words(read(visitor, one["adresse"].removeprefix("http://localhost:8000")))
        assert row["titre"] == one["titre"] in page
        for name in ("signataires", "sites"):
            assert row[name].split(" ; ") == ([part["nom"] for part in whole[name]] or [""])
            assert all(part["nom"] in page for part in whole[name])
        assert (row["commence_le"], row["finit_le"]) == (one["commence_le"], one["finit_le"])
        assert row["communes"].split(" ; ") == one["communes"]
