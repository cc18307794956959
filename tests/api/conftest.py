"""The small region of the tests of what is published."""

from tests.region.conftest import place, queries

__all__ = ["place", "queries"]
