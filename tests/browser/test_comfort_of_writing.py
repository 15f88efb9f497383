"""What makes writing easy: the bar over a text and its keys, pictures, formatted paste, counters, proposals."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.test_accessibility import assert_clean
from tests.conftest import Site
from tools.editing_pages import opened, uses

SCENE = "#id-scene"


@pytest.fixture(scope="module")
def writing(browser: Browser, logged_in: StorageState) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, storage_state=logged_in)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(writing: Page, site: Site) -> Page:
    opened("articles/lesson", "Living with little trust")(writing, site.url)
    return writing


def select(page: Page, text: str, words: str) -> None:
    """The text in the scene, with these words of it chosen."""
    page.fill(SCENE, text)
    start = text.index(words)
    page.locator(SCENE).evaluate(
        "(field, [from, to]) => field.setSelectionRange(from, to)", [start, start + len(words)]
    )


def press(page: Page, name: str) -> None:
    page.locator(".field", has=page.locator(SCENE)).get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize(
    "name, text, words, expected",
    [
        ("Bold", "A quiet word.", "quiet", "A **quiet** word."),
        ("Italic", "A quiet word.", "quiet", "A _quiet_ word."),
        ("List", "one\ntwo", "one\ntwo", "- one\n- two"),
        ("Numbers", "one\ntwo", "one\ntwo", "1. one\n2. two"),
        ("Quote", "before\nsaid", "said", "before\n> said"),
        ("Heading", "A head", "head", "### A head"),
    ],
)
def test_bar_writes_markdown(page: Page, name: str, text: str, words: str, expected: str) -> None:
    select(page, text, words)
    press(page, name)
    assert page.input_value(SCENE) == expected
    page.keyboard.press("Control+z")
    assert page.input_value(SCENE) == text


@pytest.mark.parametrize("key, expected", [("b", "A **quiet** word."), ("i", "A _quiet_ word.")])
def test_keys_do_the_same(page: Page, key: str, expected: str) -> None:
    select(page, "A quiet word.", "quiet")
    page.locator(SCENE).press(f"Control+{key}")
    assert page.input_value(SCENE) == expected


def test_key_saves(page: Page) -> None:
    page.fill(SCENE, "Saved by a key.")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_have_text("Saved.")
    assert page.input_value(SCENE) == "Saved by a key."


def test_link_to_a_section_is_chosen_by_typing(page: Page) -> None:
    select(page, "What safe feels like.", "safe")
    page.locator(SCENE).press("Control+k")
    page.locator("[name=panel-to]").fill("safety comes")
    expect(page.locator("#sections option")).to_have_count(1)
    assert page.locator("#sections option").get_attribute("value") == "what-trust-is#safety-comes-first"
    page.locator("[name=panel-to]").fill("what-trust-is#safety-comes-first")
    page.keyboard.press("Enter")
    expect(page.locator(SCENE)).to_have_value("What [safe](what-trust-is#safety-comes-first) feels like.")
    assert page.evaluate("document.activeElement.id") == "id-scene"


def test_what_is_not_whole_is_told_and_types_nothing(page: Page) -> None:
    page.fill(SCENE, "Untouched.")
    press(page, "Link…")
    page.get_by_role("button", name="Insert").click()
    expect(page.locator(".panel .problems")).to_contain_text("Choose a section")
    page.keyboard.press("Escape")
    assert (page.locator(".panel").count(), page.input_value(SCENE)) == (0, "Untouched.")


def picture(form: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format=form)
    return out.getvalue()


def choose(page: Page, name: str, kind: str, data: bytes, alt: str = "A teal field") -> None:
    press(page, "Picture…")
    page.locator("[name=panel-file]").set_input_files({"name": name, "mimeType": kind, "buffer": data})
    page.locator("[name=panel-alt]").fill(alt)
    page.get_by_role("button", name="Insert").click()


def test_picture_is_uploaded_with_what_it_shows(page: Page) -> None:
    page.fill(SCENE, "Before.")
    page.keyboard.press("End")
    choose(page, "a.png", "image/png", picture("PNG"))
    expect(page.locator(".panel")).to_have_count(0)
    before, written = page.input_value(SCENE).split("\n\n")
    assert (before, written.startswith("![A teal field](/media/pictures/")) == ("Before.", True)


def test_picture_that_is_here_already_is_chosen_by_keys(page: Page) -> None:
    page.fill(SCENE, "")
    choose(page, "a.png", "image/png", picture("PNG", (41, 30)))
    expect(page.locator(".panel")).to_have_count(0)
    address = page.input_value(SCENE).partition("(")[2].rstrip(")")
    page.fill(SCENE, "Again.")
    page.keyboard.press("End")
    press(page, "Picture…")
    here = page.get_by_role("group", name="Or one that is here already")
    first = here.get_by_role("radio", name="Picture 1 of")
    expect(first).to_have_value(address)
    file = page.locator("[name=panel-file]")
    file.set_input_files({"name": "b.png", "mimeType": "image/png", "buffer": picture("PNG")})
    file.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(first).to_be_checked()
    assert file.evaluate("(field) => field.files.length") == 0
    page.get_by_role("button", name="Insert").click()
    expect(page.locator(".panel .problems")).to_have_text("Say what it shows, for people who cannot see it.")
    page.locator("[name=panel-alt]").fill("A teal field")
    page.keyboard.press("Enter")
    expect(page.locator(SCENE)).to_have_value(f"Again.\n\n![A teal field]({address})")


def test_file_that_is_chosen_last_counts(page: Page) -> None:
    page.fill(SCENE, "")
    press(page, "Picture…")
    first = page.get_by_role("radio", name="Picture 1 of")
    first.check()
    page.locator("[name=panel-file]").set_input_files({"name": "b", "mimeType": "image/png", "buffer": picture("PNG")})
    expect(first).not_to_be_checked()
    page.keyboard.press("Escape")


def test_panel_with_pictures_is_clean_for_axe(page: Page) -> None:
    press(page, "Picture…")
    expect(page.get_by_role("radio", name="Picture 1 of")).to_be_visible()
    assert_clean(page, "middle-light", "wide-dark")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("Escape")


def test_picture_without_a_text_alternative_is_not_taken(page: Page) -> None:
    page.fill(SCENE, "Before.")
    choose(page, "a.png", "image/png", picture("PNG"), alt="")
    expect(page.locator(".panel .problems")).to_have_text("Say what it shows, for people who cannot see it.")
    assert page.input_value(SCENE) == "Before."


@pytest.mark.parametrize(
    "name, kind, data, why",
    [
        ("a.heic", "image/heic", b"\0\0\0\x18ftypheic" + b"\0" * 200, "Send it as a JPEG or PNG"),
        ("a.pdf", "application/pdf", b"%PDF-1.7 nothing", "Send it as a JPEG or PNG"),
        (
            "a.png",
            "image/png",
            b"\x89PNG\r\n\x1a\n broken",
            "This is not a PNG, JPEG or WebP picture that can be read.",
        ),
    ],
)
def test_picture_that_is_refused_says_why_and_types_nothing(
    page: Page, name: str, kind: str, data: bytes, why: str
) -> None:
    page.fill(SCENE, "Before.")
    choose(page, name, kind, data)
    expect(page.locator(".panel .problems")).to_contain_text(why)
    assert page.input_value(SCENE) == "Before."


@pytest.mark.parametrize("form, kind", [("GIF", "image/gif"), ("BMP", "image/bmp")])
def test_picture_that_the_browser_can_read_is_made_fit(page: Page, form: str, kind: str) -> None:
    page.fill(SCENE, "")
    choose(page, "a", kind, picture(form))
    expect(page.locator(".panel")).to_have_count(0)
    assert ".jpg" in page.input_value(SCENE)


def test_large_picture_is_made_smaller(page: Page, site: Site) -> None:
    page.fill(SCENE, "")
    choose(page, "a.png", "image/png", picture("PNG", (4000, 1000)))
    expect(page.locator(".panel")).to_have_count(0)
    name = page.input_value(SCENE).partition("/media/")[2].rstrip(")")
    with Image.open(site.data_dir / "media" / name) as kept:
        assert kept.size == (2400, 600)


def test_drawing_is_chosen_from_the_shipped_ones(page: Page) -> None:
    page.fill(SCENE, "")
    press(page, "Drawing…")
    page.locator("[name=panel-drawing]").select_option("trust-map")
    page.locator("[name=panel-alt]").fill("A table of five people")
    page.locator("[name=panel-caption]").fill('A "map"')
    page.get_by_role("button", name="Insert").click()
    expect(page.locator(SCENE)).to_have_value('![A table of five people](/static/figures/trust-map.svg "A ”map”")')


def test_pasted_picture_asks_what_it_shows(page: Page) -> None:
    page.fill(SCENE, "Before.")
    page.locator(SCENE).evaluate(
        """(field) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array([1])], "a.png", { type: "image/png" }));
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.locator("[name=panel-alt]")).to_be_visible()
    assert page.input_value(SCENE) == "Before."


@pytest.mark.parametrize(
    "html, expected",
    [
        ("<p>One <b>bold</b> and <i>soft</i> word.</p><p>Two.</p>", "One **bold** and _soft_ word.\n\nTwo."),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"),
        ('<p>See <a href="https://example.org/">there</a>.</p>', "See [there](https://example.org/)."),
        ('<p><a href="javascript:alert(1)">no</a> <b>b</b></p>', "no **b**"),
        ("<h1>Title</h1><p>Text</p>", "### Title\n\nText"),
        ("<blockquote>Said <em>so</em></blockquote>", "> Said _so_"),
        ("<b>2 * 3</b> and snake_case", r"**2 \* 3** and snake\_case"),
        ("<style>p{}</style><p><strong>Word</strong></p>", "**Word**"),
    ],
)
def test_formatted_paste_becomes_markdown(page: Page, html: str, expected: str) -> None:
    page.fill(SCENE, "")
    page.locator(SCENE).focus()
    page.locator(SCENE).evaluate(
        """(field, html) => {
          const data = new DataTransfer();
          data.setData("text/html", html);
          data.setData("text/plain", "plain");
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        html,
    )
    assert page.input_value(SCENE) == expected


def test_counter_tells_how_much_room_is_left(page: Page) -> None:
    title = page.locator("#id-title")
    counter = page.locator(".field", has=title).locator(".counter")
    title.fill("x" * 90)
    expect(counter).to_have_count(0)
    title.fill("x" * 110)
    expect(counter).to_have_text("10 characters left")
    title.fill("x" * 500)
    expect(counter).to_have_text("380 characters too many (120 is the most)")
    assert len(title.input_value()) == 500
    title.fill("Living with little trust")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_be_visible()


def test_anchor_is_proposed_from_the_heading(page: Page) -> None:
    count = page.locator("#id-sections > .list > .row").count()
    page.locator("#add-sections").click()
    heading, anchor = page.locator(f"#id-sections-{count}-heading"), page.locator(f"#id-sections-{count}-anchor")
    heading.fill("Café & “old friends”, again")
    heading.press("Tab")
    expect(anchor).to_have_value("cafe-old-friends-again")
    heading.fill("Something else")
    heading.press("Tab")
    expect(anchor).to_have_value("cafe-old-friends-again")


def test_new_question_gets_the_next_number(writing: Page, site: Site) -> None:
    opened("quizzes/quiz", "How I trust")(writing, site.url)
    writing.locator("#add-items").click()
    expect(writing.locator("#id-items-16-key")).to_have_value("17")


# ---- a quiz on one page


@pytest.fixture
def quiz(writing: Page, site: Site) -> Page:
    opened("quizzes/quiz", "How I trust")(writing, site.url)
    return writing


def test_bands_lie_on_a_ruler_of_the_scores_that_can_be_reached(quiz: Page) -> None:
    """In the outline and at the bands themselves; it follows the cut-points while they are typed."""
    rulers = quiz.locator(".outline .scale svg")
    expect(rulers.first).to_be_visible()
    count = quiz.locator("#id-dimensions > .list > .row").count()
    expect(quiz.locator(".outline .scale")).to_have_count(count)
    expect(quiz.locator("#id-dimensions-0-bands > .scale")).to_have_count(1)
    expect(quiz.locator(".scale .empty")).to_have_count(0)
    quiz.locator("#id-bands-1").click()
    quiz.fill("#id-bands-1-start", "98")
    quiz.locator("#id-bands-2").click()
    quiz.fill("#id-bands-2-start", "99")
    expect(quiz.locator(".outline .scale .band-1.empty")).to_have_count(count)
    expect(quiz.locator("#id-dimensions-0-bands > .scale .band-1.empty")).to_have_count(1)
    assert "98\u201398" in str(rulers.first.get_attribute("aria-label"))
    quiz.fill("#id-bands-1-start", "40")
    quiz.fill("#id-bands-2-start", "70")


def test_folded_question_goes_on_telling_what_it_is(quiz: Page) -> None:
    summary = quiz.locator("#id-items-1")
    summary.click()
    quiz.locator("#id-items-1-reverse").set_checked("Reverse-keyed" not in summary.inner_text())
    assert ("Reverse-keyed" in summary.inner_text()) is quiz.locator("#id-items-1-reverse").is_checked()
    quiz.select_option("#id-items-1-dimension", index=2)
    assert quiz.locator("#id-items-1-dimension option:checked").text_content() in summary.inner_text()
    quiz.locator("[name=items-1-flag_at]").first.check()
    label = quiz.locator("label", has=quiz.locator("[name=items-1-flag_at]")).first.inner_text()
    assert f"Flags danger at {label}" in " ".join(summary.inner_text().split())


def test_reason_that_was_given_elsewhere_is_chosen_by_a_few_letters(quiz: Page) -> None:
    quiz.locator("#id-dimensions-0").click()
    band = "id-dimensions-0-bands-0"
    quiz.locator(f"#{band}").click()
    elsewhere = quiz.input_value("#id-dimensions-1-bands-0-links-0-why")
    reasons = quiz.locator(f"#{band} + .inside textarea[name$=-why]")
    count = reasons.count()
    quiz.locator(f"#add-{band.removeprefix('id-')}-links").click()
    expect(reasons).to_have_count(count + 1)
    reason = reasons.last
    reason.click()
    reason.press_sequentially(elsewhere[:12].upper())
    offered = quiz.locator(".offered button")
    expect(offered.first).to_have_text(elsewhere)
    offered.first.click()
    expect(reason).to_have_value(elsewhere)
    expect(quiz.locator(".offered button", has_text=elsewhere)).to_have_count(0)


def test_keys_move_a_row(quiz: Page) -> None:
    first, second = quiz.input_value("#id-items-0-text"), quiz.input_value("#id-items-1-text")
    quiz.locator("#id-items-0").focus()
    quiz.keyboard.press("Alt+ArrowDown")
    texts = quiz.locator("textarea[name^=items-][name$=-text]")
    assert [texts.nth(0).input_value(), texts.nth(1).input_value()] == [second, first]
    assert quiz.evaluate("document.activeElement.id") == "id-items-0"
    quiz.keyboard.press("Alt+ArrowUp")
    assert [texts.nth(0).input_value(), texts.nth(1).input_value()] == [first, second]


def test_part_is_chosen_by_its_words(page: Page) -> None:
    page.locator("#id-part").fill("lost")
    expect(page.locator("#sections option")).to_have_count(1)
    assert page.locator("#sections option").get_attribute("value") == "loss"
    page.fill("#id-part", "rebuilding")


def test_section_to_lead_elsewhere_is_chosen_by_typing(writing: Page, site: Site) -> None:
    uses(writing, site.url)
    writing.locator("#to").fill("deciding safely")
    expect(writing.locator("#sections option")).to_have_count(1)
    to = writing.locator("#sections option").get_attribute("value")
    assert to == "manipulation-and-control#deciding-safely"
