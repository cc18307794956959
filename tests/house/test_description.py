"""The read API keeps the promises of its description, on a lively site, whatever it is asked."""

import os
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from citizen.api.showing import RESOURCES
from tests.house.street import Street

EXAMPLES = int(os.environ.get("CITIZEN_TEST_EXAMPLES", "30"))


@pytest.fixture
def described(street: Street) -> Any:
    """The description, as the site tells it."""
    plain = {"Accept-Encoding": "identity"}  # in this process nobody undoes what is compressed
    config = SchemathesisConfig.from_dict(
        {"seed": 1, "headers": plain, "generation": {"max-examples": EXAMPLES, "database": "none"}}
    )
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", street.app, config=config)


def test_every_list_is_described(described: Any) -> None:
    paths = {f"/api/v1/{one.name}{tail}" for one in RESOURCES for tail in ("", f"/{{{one.key[1]}}}")}
    assert {found.ok().path for found in described.get_all_operations()} == paths


@pytest.mark.slow
def test_every_operation_keeps_every_promise_of_its_description(described: Any) -> None:
    """All the checks of schemathesis, in all its phases, on what is allowed and on what is not."""
    wrong, asked = [], 0
    for found in from_schema(described).execute():
        assert not isinstance(found, events.NonFatalError | events.FatalError), found
        if isinstance(found, events.ScenarioFinished):
            asked += len(found.recorder.cases)
            wrong += [
                f"{check.name}: {check.failure_info.failure}\n{check.failure_info.code_sample}"
                for checks in found.recorder.checks.values() for check in checks if check.failure_info
            ]  # fmt: skip
    print(f"\n{asked} demandes")
    assert asked > EXAMPLES * len(RESOURCES)
    assert not wrong, "\n\n".join(wrong[:5])
