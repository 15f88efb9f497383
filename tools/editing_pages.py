"""Every editing page, in every state it can be in. A state is reached as an editor reaches it, after ``log_in``."""

import io
import itertools

from PIL import Image
from playwright.sync_api import FilePayload, Page

from tools.states import State, at

TURNS = itertools.count(1)


def opened(kind: str, title: str) -> State:
    """The editing page of a draft, by its link in the list of its kind."""

    def go(page: Page, url: str) -> None:
        page.goto(f"{url}/admin/{kind}/")
        page.locator("#result_list").get_by_role("link", name=title, exact=True).first.click()
        page.wait_for_load_state()

    return go


def pressing(words: str) -> State:
    """A link or a button that leads to another page, perhaps after the page has saved itself."""

    def go(page: Page, url: str) -> None:
        content = page.locator("#content")
        link, button = (content.get_by_role(role, name=words, exact=True) for role in ("link", "button"))
        with page.expect_event("load"):
            link.or_(button).first.click()
        page.wait_for_load_state()

    return go


def then(*states: State) -> State:
    """One after the other."""

    def go(page: Page, url: str) -> None:
        for state in states:
            state(page, url)

    return go


LESSON = opened("articles/lesson", "What trust is, and what it is not")
QUIZ = opened("quizzes/quiz", "Ready to rebuild?")  # the largest


def preview(page: Page, url: str) -> None:
    """In the same tab."""
    page.eval_on_selector("button[value=preview]", "button => button.removeAttribute('formtarget')")
    pressing("Preview")(page, url)


def unfinished(page: Page, url: str) -> None:
    page.goto(f"{url}/admin/articles/lesson/add/")
    page.fill("#id-title", "An unfinished lesson")
    pressing("Save")(page, url)


def clash(page: Page, url: str) -> None:
    """Two authors change the same words."""
    turn, part = next(TURNS), opened("articles/part", "How trust is lost")
    part(page, url)
    other = page.context.new_page()
    part(other, url)
    theirs, mine = "What breaks trust, how that feels, and what helps", "How lies and broken promises wear trust down"
    for each, words in ((other, theirs), (page, mine)):
        each.fill("#id-summary", f"{words}{'!' * turn}")
        pressing("Save")(each, url)
    other.close()


def pictures(page: Page, url: str) -> None:
    """With one that nobody uses, as it was sent and never saved."""
    data = io.BytesIO()
    Image.new("RGB", (48, 32), "teal").save(data, "PNG")
    page.goto(f"{url}/admin/articles/lesson/add/")
    token = page.input_value("[name=csrfmiddlewaretoken]")
    image: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": data.getvalue()}
    page.request.post(f"{url}/admin/markdown/upload/", multipart={"csrfmiddlewaretoken": token, "image": image})
    page.goto(f"{url}/admin/pictures/")


def publish(page: Page, url: str) -> None:
    """With something that changes for readers."""
    opened("articles/term", "amends")(page, url)
    page.fill("#id-meaning", "What you do to make good.")
    pressing("Save and go on to publish…")(page, url)


def move(page: Page, url: str) -> None:
    """A version that waits for its time, from the first visit on."""
    then(opened("articles/term", "boundary"), pressing("Versions and saves"))(page, url)
    if not page.get_by_text("Move or cancel").count():
        opened("articles/term", "boundary")(page, url)
        page.fill("#id-meaning", "Where you end and others begin.")
        pressing("Save and go on to publish…")(page, url)
        page.fill("[name=live_from]", "2090-01-01T09:00")
        page.get_by_role("button", name="Publish", exact=True).click()
        pressing("Versions and saves")(page, url)
    pressing("Move or cancel")(page, url)


def bad_file(page: Page, url: str) -> None:
    then(LESSON, pressing("File…"))(page, url)
    page.set_input_files("#id_file", {"name": "mine.md", "mimeType": "text/plain", "buffer": b"---\nauthor: me\n---\n"})
    pressing("Upload")(page, url)


def several(page: Page, url: str) -> None:
    """Two drafts that are published together."""
    page.goto(f"{url}/admin/articles/term/")
    for box in page.locator("[name=_selected_action]").all()[:2]:
        box.check()
    page.select_option("[name=action]", "publish_selected")
    pressing("Go")(page, url)


def uses(page: Page, url: str) -> None:
    """What leads to a section of a lesson."""
    LESSON(page, url)
    page.goto(page.url.replace("/change/", "/uses/?target=section:what-trust-is%23safety-comes-first"))


def review(page: Page, url: str) -> None:
    """A lesson that is ready for review, from the first visit on."""
    LESSON(page, url)
    page.locator(".object-tools a[href$='/review/']").click()
    page.wait_for_url("**/review/")
    if page.locator("#id_note").count():
        pressing("Ready for review")(page, url)


def reviewed(page: Page, url: str) -> None:
    """The page behind the link, with a remark and with one that is refused."""
    review(page, url)
    page.goto(page.locator("#content a[href*='/admin/review/']").get_attribute("href") or "")
    if not page.locator(".remark").count():
        page.locator("summary").nth(1).click()
        page.locator("textarea:visible").first.fill("The scene is too hard.")
        page.get_by_role("button", name="Leave this remark").locator("visible=true").first.click()
    page.locator("details:not([open]) summary").last.click()
    page.get_by_role("button", name="Leave this remark").locator("visible=true").last.click()
    page.locator(".wrong").first.wait_for()


EDITING: dict[str, State] = {
    "admin": at("/admin/"),
    "admin-guide": at("/admin/guide/"),
    "admin-lessons": at("/admin/articles/lesson/"),
    "admin-lessons-search": at("/admin/articles/lesson/?q=lies"),
    "admin-lesson": LESSON,
    "admin-part": opened("articles/part", "How trust forms"),
    "admin-term": opened("articles/term", "betrayal"),
    "admin-help-lines": at("/admin/helplines/helpline/"),
    "admin-help-line": opened("helplines/helpline", "Samaritans"),
    "admin-quizzes": at("/admin/quizzes/quiz/"),
    "admin-quiz": QUIZ,
    "admin-add-lesson": at("/admin/articles/lesson/add/"),
    "admin-add-quiz": at("/admin/quizzes/quiz/add/"),
    "admin-to-fix": unfinished,
    "admin-clash": clash,
    "admin-preview-lesson": then(LESSON, preview),
    "admin-preview-quiz": then(QUIZ, preview),
    "admin-publish": publish,
    "admin-publish-problems": then(unfinished, pressing("Publish…")),
    "admin-withdraw": then(LESSON, pressing("Withdraw…")),
    "admin-versions": then(LESSON, pressing("Versions and saves")),
    "admin-version": then(LESSON, pressing("Versions and saves"), pressing("Version 1")),
    "admin-save": then(LESSON, pressing("Versions and saves"), pressing("Save 1")),
    "admin-move": move,
    "admin-calendar": then(move, at("/admin/calendar/")),
    "admin-unsought": at("/admin/unsought/"),
    "admin-compare": then(LESSON, pressing("Versions and saves"), pressing("Compare")),
    "admin-publish-several": several,
    "admin-uses": uses,
    "admin-review": review,
    "admin-reviewed": reviewed,
    "admin-delete": then(unfinished, pressing("Delete…")),
    "admin-file": then(LESSON, pressing("File…")),
    "admin-file-problems": bad_file,
    "admin-from-file": then(at("/admin/articles/lesson/"), pressing("From a file…")),
    "admin-pictures": pictures,
    "admin-pictures-unused": then(pictures, at("/admin/pictures/?unused=1")),
    "admin-picture": then(pictures, at("/admin/pictures/?unused=1"), pressing("Delete… picture 1")),
}
