"""The forms of the street, found on the pages where people meet them, and what a browser would send."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup, Tag
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from citizen.db import db
from citizen.projects import queries
from citizen.projects.models import Project
from tests.house.committees import IN_SESSION, text
from tests.house.samples import address, values_for
from tests.house.street import Street
from tests.house.summer import POSTED

TEXTS = frozenset(("text", "textarea", "email", "search", "tel", "url"))
# In the order in which they are asked: who may do least comes first.
WHO = (
    "visitor",
    "nobody special",
    "resident",
    "writer",
    "bearer",
    "president",
    "committee",
    "treasurer",
    "manager",
    "commune",
    "region",
    "administrator",
)
BUTTONS = POSTED | {  # forms that show at some moments only: who may post them, and what they ask
    "people.ask_verification": ("unverified", {}),
    "committees.close": ("manager", {}),
    "envelopes.withdraw": ("region", {}),
    "ballots.choose": ("nobody special", {"choices": ("checkbox", ("1", "2"))}),
    "ballots.confirm": ("nobody special", {"choices": ("hidden", ("1",)), "is_eligible": ("checkbox", ())}),
    "ballots.hand_back": ("visitor", {}),
    "ballots.check_in": ("commune", {}),
    "ballots.enter_code": ("visitor", {"code": ("text", ("",))}),
    "ballots.add_at_desk": (
        "commune",
        {"last_name": ("text", ("",)), "first_name": ("text", ("",)), "is_sure": ("checkbox", ())},
    ),
    "ballots.tablet": ("visitor", {"number": ("text", ("",))}),
    "ballots.settle_list": ("commune", {}),
    "ballots.set_roll_kind": ("commune", {"kind": ("radio", ("listed",))}),
    "ballots.read_list": ("commune", {"file": ("file", ())}),
    "ballots.receipt": ("writer", {"email": ("email", ("zoe@exemple.fr",))}),
    "committees.room": ("manager", {"held_on": ("date", ("",)), "held_time": ("time", ("",)), "place": ("text", ("",))}),
    "convening.ask": ("region", {"reason": ("textarea", ("",))}),
    "convening.convene": ("manager", {}),
    "convening.move_item": ("manager", {"sens": ("hidden", ("haut",))}),
    "minutes.sign": ("manager", {"empreinte": ("hidden", ("",))}),
    "ftu.count": ("commune", {}),
    "ftu.idea": (
        "writer",
        {"etape": ("hidden", ("",)), "quarter": ("select", ("1",)), "title": ("text", ("",)), "place": ("text", ("",))},
    ),
    "support.support": ("nobody special", {"soutien": ("hidden", ("oui",))}),
    "works.answer": ("visitor", {"used": ("radio", ("yes",)), "works": ("radio", ("yes",)), "mend": ("textarea", ("",))}),
    **dict.fromkeys(("paper.remove", "paper.sign", "paper.unsign"), ("commune", {})),
    "paper.mix": ("commune", {"into": ("select", ("1",))}),
    "paper.box": ("commune", dict.fromkeys(("supplied", "unused", "spoiled", "found", "blank", "void"), ("text", ("3",)))),
    "paper.read": ("commune", {"number": ("hidden", ("1",)), "typed": ("text", ("1 2",))}),
    "paper.gap": ("commune", {"reason": ("textarea", ("",))}),
    "money.give_bank": ("bearer", {"holder": ("text", ("",)), "iban": ("text", ("",)), "bic": ("text", ("",))}),
    "money.agree": ("bearer", {"is_read": ("checkbox", ("y",)), "name": ("text", ("",))}),
    **dict.fromkeys(
        (
            "team.settle_task",
            "team.offer_place",
            "team.answer_place",
            "team.leave",
            "team.stop_help",
            "team.cancel_invitation",
            "completing.send_back",
            "completing.accept",
        ),
        ("writer", {}),
    ),
    "completing.answer": ("writer", {"answer": ("hidden", ("Voilà.",)), "is_done": ("checkbox", ())}),
    "team.consent": ("writer", {"words": ("hidden", ("Oui.",))}),
    "team.tell_people": ("writer", {"people": ("hidden", ("4",)), "women": ("hidden", ("2",))}),
    "team.member": ("writer", {"name": ("hidden", ("Zoé",)), "household": ("hidden", ("2",))}),
    "team.invite": ("writer", {"email": ("hidden", ("zoe@exemple.fr",))}),
    **IN_SESSION,
    "region.month_picture": (
        "region",
        {
            "picture": ("radio", ("1",)),
            "month": ("select", ("2027-03-01",)),
            "credit": ("text", ("",)),
            "words": ("text", ("",)),
        },
    ),
    "region.withdraw": ("region", {"reason": ("textarea", ("",))}),
    "region.take_up": ("writer", {"quarter": ("select", ("59360:",))}),
    "closing.take_back": ("manager", {}),
    "payments.take_bank": ("treasurer", {}),
    "hiding.show_again": ("manager", {"hiding": ("hidden", ("1",)), "words": ("textarea", ("",))}),
    "hiding.answer": ("writer", {"hiding": ("hidden", ("1",)), "words": ("textarea", ("",))}),
    "minutes.show": ("manager", {"point": ("hidden", ("0",))}),
    **dict.fromkeys(("report.send", "report.remove_line", "report.remove_paper"), ("bearer", {})),
    "pic.afterwards": ("bearer", {"mark_1": ("radio", ("1",)), "words_1": ("textarea", ("",))}),
    "projects.follow": ("bearer", {"suivre": ("hidden", ("oui",))}),
    **dict.fromkeys(("opinions.cancel", "costing.remove"), ("commune", {})),
    "support.answer": ("writer", {"reponse": ("hidden", ("non",))}),
    "nqe.count": ("president", {"participants": ("text", ("12",))}),
    **dict.fromkeys(("nqe.remove_quote", "nqe.remove_incident", "nqe.cancel_for"), ("president", {})),
    "nqe.change_quote": ("president", text("words", "said_by", "consent_kept_by")),
    "nqe.change_incident": ("president", {"kind": ("select", ("hurt",))} | text("words")),
    "nqe.book_for": ("president", text("first_name", "contact", "people", "has_agreed")),
    "nqe.quarters": ("writer", {"quarter": ("select", ("1",))}),
}


@dataclass(frozen=True)
class Sheet:
    """One form: who may post it, where, and its fields: name -> (kind, the values that it shows)."""

    role: str
    page: str
    action: str
    rule: str
    fields: dict[str, tuple[str, tuple[str, ...]]] = field(hash=False)

    def names(self, *, is_text: bool) -> list[str]:
        return [name for name, (kind, _values) in self.fields.items() if (kind in TEXTS) == is_text and kind != "file"]

    def filled(self, **changes: Any) -> dict[str, Any]:
        """What would be sent without touching anything, but for ``changes``."""
        shown = {name: list(values) for name, (kind, values) in self.fields.items() if kind != "file"}
        return shown | changes

    def post(self, street: Street, **values: Any) -> TestResponse:
        return street.browsers[self.role].post(self.action, **values)


def every_sheet(street: Street) -> dict[tuple[str, str], Sheet]:
    """One form for each route and each set of fields that can be posted."""
    found: dict[tuple[str, str], Sheet] = {}
    with street.app.app_context():
        pages = [
            (rule, address(street, rule, values))
            for rule in sorted(street.app.url_map.iter_rules(), key=lambda rule: rule.rule)
            if "GET" in (rule.methods or ()) and rule.endpoint != "static"
            for values in values_for(street, rule)
        ]
    sheets = [sheet for rule, path in pages for sheet in _sheets_on(street, rule, path)]
    with street.app.app_context():
        sheets += [*_steps(street), *_buttons(street)]
    for sheet in sheets:
        found.setdefault((sheet.rule, " ".join(sorted(sheet.fields))), sheet)
    return found


def _steps(street: Street) -> Iterator[Sheet]:
    """Every step without a page, for who may take it now."""
    for project in db.session.scalars(select(Project).order_by(Project.id.desc())):
        for step in project.rules.lifecycle.steps:
            who = [role for role in street.people if step.allows(queries.roles_on(street.actor(role), project))]
            if who and project.state in step.before and not step.has_own_page:
                action = f"/projets/{project.id}/etape/{step.action}"
                fields = {"reason": ("textarea", ("",))} if step.asks_reason else {}
                yield Sheet(
                    who[0], f"/projets/{project.id}", action, f"projects.take_step {project.scheme} {step.action}", fields
                )


def _buttons(street: Street) -> Iterator[Sheet]:
    for rule in street.app.url_map.iter_rules():
        if rule.endpoint in BUTTONS and "POST" in (rule.methods or ()):
            role, fields = BUTTONS[rule.endpoint]
            path = street.app.url_map.bind("localhost").build(rule.endpoint, values_for(street, rule)[0], method="POST")
            yield Sheet(role, path, path, rule.endpoint, fields)


def _sheets_on(street: Street, rule: Rule, path: str) -> Iterator[Sheet]:
    for role in WHO:
        answer = street.browsers[role].get(path, buffered=True)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            for form in BeautifulSoup(answer.text, "html.parser").find_all("form", method="post"):
                yield _sheet(street, role, path, form)
            return


def _sheet(street: Street, role: str, page: str, form: Tag) -> Sheet:
    action = str(form.get("action") or page)
    adapter = street.app.url_map.bind("localhost")
    endpoint, values = adapter.match(action.split("?")[0], method="POST")
    return Sheet(role, page, action, f"{endpoint} {values.get('action', '')}".strip(), fields_of(form))


def fields_of(form: Tag) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The fields of a form, with what they show, as a browser without script sees them."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for one in form.find_all(["input", "select", "textarea", "button"]):
        name = str(one.get("name") or "")
        if name and name != "csrf_token":
            kind = str(one.get("type", "text")) if one.name == "input" else str(one.name)
            found[name] = (kind, (*found.get(name, (kind, ()))[1], *_shown(one, kind)))
    return found


def _shown(one: Tag, kind: str) -> list[str]:
    if kind == "select":
        chosen = one.find_all("option", selected=True) or ([] if one.has_attr("multiple") else one.find_all("option")[:1])
        return [str(option.get("value", option.get_text())) for option in chosen]
    if kind == "textarea":
        return [one.get_text().removeprefix("\n")]
    if kind in ("button", "submit") or (kind in ("checkbox", "radio") and not one.has_attr("checked")):
        return []
    return [str(one.get("value", ""))]


def texts_shown(page: str) -> set[str]:
    """Every text that stands in a field of the page."""
    soup = BeautifulSoup(page, "html.parser")
    typed = {str(one.get("value", "")) for one in soup.find_all("input")}
    return {text.strip() for text in typed | {one.get_text() for one in soup.find_all("textarea")}}
