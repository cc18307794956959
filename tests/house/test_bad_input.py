"""Every form, filled in every wrong way: never an error of ours, never a lost text; and reading never writes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from citizen.web.forms import clean
from tests.house.conftest import Restore
from tests.house.posting import Sheet, every_sheet, texts_shown
from tests.house.samples import readable
from tests.house.street import Street, fingerprint

HUGE = "é" * 50_000  # 100 kB
RIGHT_TO_LEFT = "\u202egâteau\u2066"
WRONG = {"number": "douze", "date": "31/02/2027", "time": "25:61", "email": "pas une adresse"}
FAR = ("0", "-1", "2147483648", "9223372036854775808", "1" * 400, "²", "1e400", "nan")
RAW = ("%FF%FE", "a%00b", "%ED%A0%80", "%E2%80%AEabc", "%")
Filling = Callable[[Sheet], Iterator[dict[str, Any]]]


def empty(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """Nothing at all, and nothing in each field."""
    yield {"data": {}}
    yield {"data": dict.fromkeys(sheet.fields, "")}


def huge(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """100 kB in every text at once."""
    yield {"data": sheet.filled(**dict.fromkeys(sheet.names(is_text=True), HUGE))}


def wrong_types(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """Words for numbers and days, a file's name for a choice, numbers no computer counts to."""
    yield {"data": {name: WRONG.get(kind, "../../etc/passwd") for name, (kind, _values) in sheet.fields.items()}}
    for far in FAR:
        yield {"data": sheet.filled(**{name: far for name in sheet.fields if name in sheet.names(is_text=False)})}
    yield {"data": dict.fromkeys(sheet.fields, "1e400")}


def wrong_encodings(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """Bytes that are no text, NUL, half characters, marks that turn the reading round."""
    for raw in RAW:
        body = "&".join(f"{name}={raw}" for name in sheet.fields)
        yield {"data": body, "content_type": "application/x-www-form-urlencoded"}
    yield {"data": sheet.filled(**dict.fromkeys(sheet.names(is_text=True), RIGHT_TO_LEFT))}


def other_shapes(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """Twice each field, plain text, JSON, a broken envelope, fields that nobody asked for."""
    yield {"data": {name: ["1", "2", ""] for name in sheet.fields}}
    yield {"data": b"bonjour", "content_type": "text/plain"}
    yield {"json": {name: [1, {"a": None}] for name in sheet.fields}}
    yield {"data": b"--x\r\n", "content_type": "multipart/form-data; boundary=x"}
    yield {"data": sheet.filled(is_admin="1", id="1", state="granted", bearer_id="1", suite="https://ailleurs.example/")}


@pytest.fixture(scope="module")
def sheets(street: Street, restore: Restore) -> list[Sheet]:
    """Every form that can be posted."""
    found = list(every_sheet(street).values())
    restore()
    return found


@pytest.fixture(scope="module")
def keep(street: Street, restore: Restore) -> Callable[[Sheet], None]:
    """Puts back the rows and the sessions after a post that was taken."""
    cookies = {role: browser.get_cookie("citizen") for role, browser in street.browsers.items()}

    def put_back(sheet: Sheet) -> None:
        restore()
        cookie = cookies[sheet.role]
        street.browsers[sheet.role].set_cookie("citizen", cookie.value) if cookie else street.browsers[
            sheet.role
        ].delete_cookie("citizen")

    return put_back


@pytest.mark.slow
def test_every_route_that_takes_a_post_is_tried(street: Street, sheets: list[Sheet]) -> None:
    known = {sheet.rule.split()[0] for sheet in sheets}
    routes = {rule.endpoint for rule in street.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert routes - known == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "filling",
    [empty, wrong_types, *(pytest.param(by_hand, marks=pytest.mark.long) for by_hand in (huge, wrong_encodings, other_shapes))],
)
def test_a_badly_filled_form_is_refused_politely(
    street: Street, sheets: list[Sheet], keep: Callable[[Sheet], None], filling: Filling
) -> None:
    wrong = []
    for sheet in sheets:
        for sent in filling(sheet):
            fault = fault_of(street, sheet, sent)
            if fault:
                wrong.append(f"{sheet.role} {sheet.action} {str(sent)[:150]}: {fault}")
            keep(sheet)
    assert not wrong, "\n".join(wrong)


def fault_of(street: Street, sheet: Sheet, sent: dict[str, Any]) -> str:
    """What is wrong with the answer, if something is."""
    try:
        answer = sheet.post(street, **sent)
    except Exception as error:  # whatever it is, it would have been an error page
        return repr(error)[:600]
    if answer.status_code >= 500 or answer.status_code not in {200, 303, 400, 403, 404, 409, 410, 413, 422}:
        return answer.status
    if "ailleurs.example" in answer.headers.get("Location", ""):
        return "sends away"
    if (
        answer.status_code == 303
        and answer.headers["Location"].startswith("/connexion")
        and sheet.role != "visitor"
        and "sign_out" not in sheet.rule
    ):
        return "lost the session"
    return lost_text(sheet, sent, answer)


def lost_text(sheet: Sheet, sent: dict[str, Any], answer: TestResponse) -> str:
    """The texts that the page of a refused form does not show any more."""
    typed = sent.get("data")
    if answer.status_code != 422 or not isinstance(typed, dict) or b"<form" not in answer.data:
        return ""
    shown = texts_shown(answer.text)
    values = {name: typed.get(name) for name in sheet.names(is_text=True)}
    # Marks that nobody sees may go; every letter stays.
    lost = [
        name for name, value in values.items() if isinstance(value, str) and value and not {value.strip(), clean(value)} & shown
    ]
    return f"lost {lost}" if lost else ""


@pytest.mark.slow
def test_the_same_post_twice_breaks_nothing(street: Street, sheets: list[Sheet], keep: Callable[[Sheet], None]) -> None:
    """A form sent as it stands with plausible words, then sent again by the impatient."""
    wrong = []
    for sheet in sheets:
        words = {
            name: values[0] if values and values[0] else "Des mots plausibles" for name, (_kind, values) in sheet.fields.items()
        }
        for sent in (sheet.filled(**{name: words[name] for name in sheet.names(is_text=True)}),) * 2:
            answer = sheet.post(street, data=sent)
            if answer.status_code >= 500:
                wrong.append(f"{sheet.action}: {answer.status}")
        keep(sheet)
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_no_form_is_taken_without_its_token(street: Street, sheets: list[Sheet], keep: Callable[[Sheet], None]) -> None:
    street.app.config["WTF_CSRF_ENABLED"] = True
    try:
        answers = {sheet.action: sheet.post(street, data=sheet.filled()).status_code for sheet in sheets}
    finally:
        street.app.config["WTF_CSRF_ENABLED"] = False
    assert {action: status for action, status in answers.items() if status != 400} == {}


ODD = [
    {"page": page, "q": page, "lon": page, "lat": page, "commune": page, "quartier": page, "code": page, "quand": page, "jour": page,
     "mois": page, "genre": page, "dispositif": page, "etat": page, "annee": page, "theme": page, "copie": page, "suite": page,
     "vignette": page, "what": page, "accessible": page, "departement": page, "vue": page, "autour": page, "rayon": page, "public": page, "accent": page, "fond": page, "taille": page, "porteur": page}
    for page in ("abc", "-1", "1" + "0" * 30, "a\x00b", "²", "\"'*()", "2027-13-45", "\u202eabc", "x" * 5_000)
]  # fmt: skip


@pytest.mark.slow
def test_reading_changes_nothing_and_odd_addresses_break_nothing(street: Street) -> None:
    before, wrong = fingerprint(street), []
    pages = readable(street)
    assert fingerprint(street) == before
    for number, (role, path) in enumerate(pages):
        odd = ODD if number < len(pages) and path.count("/") < 3 else ODD[number % len(ODD) :][:1]
        for asked in odd:
            answer = street.browsers[role].get(path, query_string=asked, buffered=True)
            if answer.status_code >= 500:
                wrong.append(f"{role} {path} {asked['page'][:30]!r}: {answer.status}")
        raw = street.browsers[role].get(f"{path}?q=%FF%FE&page=%00&quartier=%ED%A0%80&commune=%", buffered=True)
        if raw.status_code >= 500:
            wrong.append(f"{role} {path} raw: {raw.status}")
    assert not wrong, "\n".join(wrong)
    assert fingerprint(street) == before
