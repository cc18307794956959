"""What several pages of the committee's room share: the session or the fund meant, for who may see it."""

from flask import abort

from citizen.committees import preparation, queries
from citizen.committees.models import Session
from citizen.committees.services import require_manager
from citizen.db import db
from citizen.funds.models import Fund
from citizen.kernel.lifecycle import Forbidden
from citizen.web.access import current_actor


def seen_session(session_id: int) -> Session:
    """The session with its agenda, for who sits for its fund or manages it."""
    found = queries.session_with_agenda(session_id)
    if found is None:
        abort(404)
    if not queries.roles_on_fund(current_actor(), found.fund):
        raise Forbidden("session")
    return found


def managed_session(session_id: int) -> Session:
    """The session, for the manager of its fund."""
    found = seen_session(session_id)
    require_manager(current_actor(), found.fund)
    return found


def fund_with_committee(fund_id: int) -> Fund:
    """The fund, when a committee decides in it; else 404."""
    fund = db.session.get(Fund, fund_id)
    if fund is None or not preparation.has_committee(fund):
        abort(404)
    return fund
