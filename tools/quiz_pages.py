"""Every quiz page, and every state it can be in."""

import random
from collections.abc import Callable

from playwright.sync_api import Page

from tools.states import State, at, press

CHOOSE = """(places) => document.querySelectorAll("fieldset").forEach(
  (group, index) => group.querySelectorAll("input")[places[index]].click())"""


def choose(page: Page, value: Callable[[int], int]) -> None:
    """Answer each question with the choice whose place ``value`` gives for its number, and send."""
    places = [value(number) for number in range(1, page.locator("fieldset").count() + 1)]
    page.evaluate(CHOOSE, places)
    press(page, "See my result")


def errors(page: Page, url: str) -> None:
    page.goto(f"{url}/quizzes/where-mistrust-came-from/questions/")
    page.check("#item-1-2")
    press(page, "See my result")


def expired(page: Page, url: str) -> None:
    page.goto(f"{url}/quizzes/how-i-trust/questions/")
    page.check("#item-1-2")
    page.context.clear_cookies(name="csrftoken")
    press(page, "See my result")


def renewed(page: Page, url: str) -> None:
    """Answers that do not say which version they answer."""
    page.goto(f"{url}/quizzes/how-i-trust/questions/")
    page.evaluate("document.querySelector('[name=version]').remove()")
    choose(page, lambda number: number % 5)


def context(page: Page, url: str) -> None:
    """Answers that do not say whom they are about."""
    page.goto(f"{url}/quizzes/trust-in-this-relationship/questions/?for=friend")
    page.evaluate("form => document.querySelector(form).action = location.pathname", "main form")
    choose(page, lambda number: number % 5)


def result(page: Page, url: str) -> None:
    some = random.Random(5)
    page.goto(f"{url}/quizzes/how-i-trust/questions/")
    choose(page, lambda number: some.randrange(5))


def taken(slug: str, value: Callable[[int], int], choice: str = "") -> State:
    """The result of a quiz whose questions are answered by their numbers, as ``choose`` does."""

    def go(page: Page, url: str) -> None:
        page.goto(f"{url}/quizzes/{slug}/questions/{choice and f'?for={choice}'}")
        choose(page, value)

    return go


RELATION, PERSON = "trust-in-this-relationship", "is-this-person-safe-to-trust"
tied = taken("where-mistrust-came-from", lambda number: 2)
nothing = taken(PERSON, lambda number: 5 if number > 14 else 0)  # no sign, and some safety questions skipped
skipped = taken("how-i-trust", lambda number: 5)
quiet = taken(RELATION, lambda number: {17: 3, 18: 1, 19: 3, 20: 1}.get(number, number % 5), "friend")  # and no flag
flagged = taken(RELATION, lambda number: 4 if number > 17 else 1, "partner")
worst = taken(PERSON, lambda number: 4)
facts = taken("trust-facts", lambda number: number % 3)


def gate(choice: str) -> State:
    def go(page: Page, url: str) -> None:
        page.goto(f"{url}/quizzes/ready-to-rebuild/questions/?for={choice}")
        page.check("#gate-2")
        press(page, "See my result")

    return go


def reading(page: Page, url: str) -> None:
    result(page, url)
    page.locator("a[data-reading]").first.click()
    page.wait_for_url("**/reading/**")


def keep(page: Page, url: str) -> None:
    result(page, url)
    press(page, "Keep this result")


def keep_errors(page: Page, url: str) -> None:
    keep(page, url)
    press(page, "Keep it and show me the code")


def kept_code(page: Page, url: str) -> None:
    keep(page, url)
    page.check("#days-1")
    press(page, "Keep it and show me the code")


def give(page: Page, address: str, code: str) -> None:
    page.goto(address)
    page.fill("#code", code)
    press(page, "Show it")


def kept(page: Page, url: str) -> None:
    kept_code(page, url)
    give(page, f"{url}/quizzes/kept/", page.inner_text(".code code"))


def kept_quiet(page: Page, url: str) -> None:
    quiet(page, url)
    press(page, "Keep this result")
    page.check("#days-1")
    press(page, "Keep it and show me the code")
    give(page, f"{url}/quizzes/kept/", page.inner_text(".code code"))


def kept_unknown(page: Page, url: str) -> None:
    give(page, f"{url}/quizzes/kept/", "no such code, and a long one that never was any")


def kept_deleted(page: Page, url: str) -> None:
    kept(page, url)
    press(page, "Delete it now")


def compare(page: Page, url: str) -> None:
    kept_code(page, url)
    give(page, f"{url}/quizzes/how-i-trust/compare/", page.inner_text(".code code"))


def plan(page: Page, url: str) -> None:
    result(page, url)
    press(page, "Put these on my reading plan")
    press(page, "Add to my plan")


def plan_offer(page: Page, url: str) -> None:
    result(page, url)
    press(page, "Put these on my reading plan")


QUIZZES: dict[str, State] = {
    "quizzes": at("/quizzes/"),
    "start": at("/quizzes/trust-in-this-relationship/"),
    "start-pause": at("/quizzes/is-this-person-safe-to-trust/"),
    "questions": at("/quizzes/how-i-trust/questions/"),
    "questions-context": at("/quizzes/ready-to-rebuild/questions/?for=hurt"),
    "scenarios": at("/quizzes/spot-the-manipulation/questions/"),
    "errors": errors,
    "expired": expired,
    "renewed": renewed,
    "context": context,
    "result": result,
    "result-tied": tied,
    "result-nothing": nothing,
    "result-skipped": skipped,
    "result-quiet": quiet,
    "result-flagged": flagged,
    "result-worst": worst,
    "result-facts": facts,
    "result-gate": gate("broke"),
    "result-gate-afraid": gate("hurt"),
    "result-none": at("/quizzes/how-i-trust/result/"),
    "reading": reading,
    "method": at("/quizzes/how-i-trust/method/"),
    "keep": keep,
    "keep-errors": keep_errors,
    "kept-code": kept_code,
    "kept-ask": at("/quizzes/kept/"),
    "kept-unknown": kept_unknown,
    "kept": kept,
    "kept-quiet": kept_quiet,
    "kept-deleted": kept_deleted,
    "compare": compare,
    "plan-offer": plan_offer,
    "plan": plan,
    "plan-empty": at("/quizzes/plan/"),
}
