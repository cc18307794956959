"""Every small action that the demonstration tells."""

from citizen.demo.pic_stories_gatherings import GATHERINGS
from citizen.demo.pic_stories_sharings import SHARINGS

PIC_STORIES = GATHERINGS + SHARINGS
