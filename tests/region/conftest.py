"""A small region, for every test of what is published."""

import pytest
from flask import Flask

from tests.counting import queries
from tests.region import seeding
from tests.region.dashboards import counted_region

__all__ = ["place", "queries"]


@pytest.fixture
def place(app: Flask) -> seeding.Region:
    """Loos, Amiens, two funds and their open calls."""
    return seeding.region()


@pytest.fixture
def counted(place: seeding.Region) -> seeding.Region:
    """The same, with figures that a hand can count."""
    return counted_region(place)
