"""A committee decides, in its session."""

from citizen.kernel.access import Actor
from citizen.pic import services
from citizen.pic.models import PicProject
from tests.factories import (
    in_session,
    manager_of,
    pic_judged,
)  # fmt: skip


def decide(
    project: PicProject, action: str = "grant", *, by: Actor | None = None, cents: int | None = 500_00, **verdicts: str
) -> None:
    with in_session(project):
        services.decide(
            by or manager_of(project.call.fund),
            project.id,
            action,
            judged=pic_judged(**verdicts),
            amount_cents=cents,
            reason="Vu ensemble.",
        )
