"""What several pages of the committee's room share: the session or the fund meant, for who may see it."""

from collections.abc import Callable

from flask import abort, flash

from citizen.committees import preparation, queries
from citizen.committees.models import Session
from citizen.committees.services import require_manager
from citizen.db import db
from citizen.funds.models import Fund
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.web.access import current_actor
from citizen.web.filters import say
from citizen.web.forms import Form

Act = Callable[[], object]


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


def refused(form: Form, act: Act, said: str = "") -> int:
    """0 when the act is done; else the status of the answer, what stands in the way being said on the form."""
    if not form.validate_on_submit():
        return 422
    try:
        act()
    except Invalid as error:
        form.refuse(error)
    except NotReady as error:
        form.form_errors.extend(f"{say(one.title)} : {say(one.fact)} {say(one.todo)}" for one in error.findings)
    except NotNow as error:
        form.form_errors.append(str(error))
        db.session.rollback()
        return 409
    else:
        if said:
            flash(said, "success")
        return 0
    db.session.rollback()
    return 422
