"""A browser without script, driven by Tab, Space, Enter, arrows and letters only, the focus always in sight."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.journeys.site import BrowserSite, beginning

FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
  const label = one.labels?.[0]?.innerText || one.innerText || one.getAttribute('aria-label') || '';
  const outlined = look.outlineStyle !== 'none' || one.closest('label, .link-card') !== null;
  return [label.trim(), outlined && box.bottom > 0 && box.top < innerHeight];
}"""
IS_REACHED = """([one, is_group]) => document.activeElement === one
  || is_group && document.activeElement.type === 'radio' && document.activeElement.name === one.name
     && document.activeElement.form === one.form"""
Look = Callable[["KeyboardSite", str], None]
STOPS = 400  # more than the longest page has


def tab_until(page: Page, is_there: Callable[[str], bool], words: str) -> None:
    """Presses Tab until what has the focus is the one; each stop on the way must be visible."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        label, is_in_sight = page.evaluate(FOCUS)
        assert is_in_sight or not label, f"« {label} » a le focus sans qu’on le voie sur {page.url}"
        if is_there(label):
            return
    raise AssertionError(f"« {words} » n’est pas atteint au clavier sur {page.url}")


def tab_to(page: Page, words: str) -> None:
    """Presses Tab until what has the focus begins with ``words``."""
    tab_until(page, lambda label: label.startswith(words), words)


class KeyboardSite(BrowserSite):
    """What the same stories do, without a mouse."""

    def _reach(self, found: Any, words: str) -> Any:
        """Tabs to the element; in a set of radio buttons Tab stops once, wherever the set stands."""
        element = found.element_handle()
        is_group = element.get_attribute("type") == "radio"
        if not self.page.evaluate(IS_REACHED, [element, is_group]):
            tab_until(self.page, lambda _label: self.page.evaluate(IS_REACHED, [element, is_group]), words)
        return element

    def _unfold(self, found: Any) -> None:
        for folded in found.locator("xpath=ancestor::details[not(@open)]/summary").all():
            self._reach(folded, "un volet")
            self.page.keyboard.press("Enter")

    def _find(self, label: str, where: Any = None) -> Any:
        fields = self.page.locator("input, select, textarea")
        field = (where or self.page).get_by_label(beginning(label)).and_(fields).first
        self._unfold(field)
        return field

    def fill(self, label: str, value: str | bool) -> None:
        field = self._reach(self._find(label), label)
        keyboard = self.page.keyboard
        if isinstance(value, bool):
            if field.is_checked() is not value:
                keyboard.press("Space")
        elif field.evaluate("field => field.tagName") == "SELECT":
            chosen = r"field => field.selectedOptions[0].text.replace(/\s+/g, ' ')"
            keyboard.press("Home")
            for _ in range(STOPS):
                if value in field.evaluate(chosen):
                    return
                keyboard.press("ArrowDown")
            raise AssertionError(f"pas de choix « {value} »")
        elif field.get_attribute("type") == "date":
            self._type_day(field, value)
        else:
            keyboard.press("ControlOrMeta+A")
            keyboard.type(value)

    def _type_day(self, field: Any, value: str) -> None:
        """Digit by digit, as the browser's own language orders them."""
        year, month, day = value.split("-")
        for typed in (day + month + year, month + day + year):
            for key in ("ArrowLeft", "ArrowLeft", *typed):
                self.page.keyboard.press(key)
            if field.input_value() == value:
                return
        raise AssertionError(f"« {value} » ne se tape pas")

    def choose(self, label: str, group: str = "") -> None:
        where: Any = self.page
        if group:
            where = where.locator("fieldset").filter(has=self.page.locator("legend", has_text=beginning(group))).last
        found = self._find(label, where)
        field = self._reach(found, label)
        if field.get_attribute("type") == "checkbox":
            if not field.is_checked():
                self.page.keyboard.press("Space")
            return
        for _ in range(STOPS):
            if self.page.evaluate(IS_REACHED, [field, False]):
                break
            self.page.keyboard.press("ArrowDown")
        if not field.is_checked():
            self.page.keyboard.press("Space")
        assert field.is_checked(), label

    def attach(self, label: str, path: Path) -> None:
        """Reaches the field; the system's own window, out of a page's hands, then gives the file."""
        self._reach(self._find(label), label).set_input_files(path)

    def press(self, name: str) -> None:
        button = self.page.get_by_role("button", name=name, exact=True).first
        if not button.is_visible():  # on a phone some buttons live in the menu
            self._reach(self.page.locator("summary", has_text="Menu"), "Menu")
            self.page.keyboard.press("Enter")
        self._reach(button, name)
        self._enter()

    def follow(self, name: str) -> None:
        self._reach(self.page.get_by_role("link", name=beginning(name)).first, name)
        self._enter()

    def _enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def keyboard_site(browser: Browser, address: str) -> KeyboardSite:
    """A phone's width, no script."""
    context = browser.new_context(java_script_enabled=False, locale="fr-FR", viewport={"width": 360, "height": 780})
    context.set_default_timeout(10_000)
    return KeyboardSite(context.new_page(), address)
