"""Every summer that the demonstration tells."""

from citizen.demo.nqe_stories_arts import ARTS
from citizen.demo.nqe_stories_outdoors import OUTDOORS
from citizen.demo.nqe_stories_tables import TABLES

NQE_STORIES = OUTDOORS + ARTS + TABLES
