"""What the tables of rights allow on the pages of a group, for these roles towards its project."""

from citizen.kernel.access import Role
from citizen.projects.models import Project

NO = {403}
WRITERS = frozenset({Role.BEARER, Role.TEAM, Role.HELPER})
PAPERS = frozenset({"completing.points", "completing.show_versions"})


def of_group(endpoint: str, roles: frozenset[Role], project: Project) -> set[int]:
    """The pages of the group and of those who read its papers."""
    here = project.where_it_stands
    part = roles & (WRITERS | {Role.ORGANISATION_MEMBER})
    if endpoint in PAPERS:
        judges = {role for step in project.rules.lifecycle.steps if step.never for role in step.who}
        return {200} if not here.is_public or roles & judges or part else NO
    if endpoint == "team.offer_help":
        return {200} if here.is_public and not here.is_final and not part else NO
    if endpoint in ("team.group", "team.member", "team.tell_people"):
        return {200, 404, 409} if roles & WRITERS else NO
    return ({409} if here.is_final else {200, 404}) if Role.BEARER in roles else NO
