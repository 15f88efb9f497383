"""The shipped course against its brief: what is there, where it leads, what it cites, how it is drawn."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from django.conf import settings

from articles import markdown
from articles.kinds import LESSON
from publishing.kind import KINDS
from tests.conftest import Shipped
from tests.course import (
    CONTENT,
    QUIZ_FILES,
    author_and_year,
    by_lesson,
    by_quiz,
    every_lesson,
    every_section,
    lesson,
    quiz,
    words,
)
from tests.factories import part_source
from tests.quizzes import oracle

FIGURES = Path(settings.BASE_DIR) / "static" / "figures"
PARTS = ("formation", "loss", "who-not-to-trust", "rebuilding")

# The brief's curriculum in its order: each lesson with its safety level, then its sections; ! marks a warning sign.
CURRICULUM = """
what-trust-is none
    a-working-definition the-building-blocks safety-comes-first! trust-has-limits it-takes-time-and-it-moves
where-trust-begins none
    safe-loved-heard careful-little-learners childhood-is-not-destiny habits-that-help-a-child-trust
    when-adults-lie
how-trust-grows none
    small-risks-in-turn listening-that-lands sincere-not-slick looks-and-first-impressions keeping-your-word
trust-in-couples care
    what-couples-need the-rosy-phase talk-before-you-conclude! solving-differences-fairly
    accept-the-person-not-the-harm keep-your-people!
friends-and-work none
    friendship-takes-hours colleagues-a-different-mix friendly-with-unequal-power earning-a-managers-trust
    owning-mistakes-and-listening
trusting-yourself none
    what-self-trust-is balanced-trust self-worth-and-closeness feelings-as-information
    small-promises-to-yourself
how-trust-breaks none
    what-counts-as-betrayal why-one-act-weighs-so-much mistake-or-dishonesty hope-or-promise
    affairs-and-secret-lives what-it-does-to-us
where-mistrust-comes-from none
    you-are-not-the-only-one early-lessons once-bitten temperament-and-habit echoes-of-old-hurt past-or-present!
    when-an-institution-fails-you
jealousy-and-insecurity care
    jealousy-is-a-signal when-self-doubt-speaks fear-of-being-alone! checking-and-its-costs!
    phones-and-passwords! gossip-and-evidence
living-without-trust none
    on-guard-all-the-time how-low-trust-colours-the-day doubts-are-not-a-verdict is-there-a-point-in-staying!
the-first-days care
    tonight! what-to-say-and-what-can-wait! whom-to-tell if-it-was-an-affair when-to-call-a-doctor!
after-the-breach care
    what-you-may-feel steady-yourself-first reach-out-early! pause-without-drifting no-need-for-a-bright-side
reading-trustworthiness none
    three-questions why-lies-are-hard-to-see charm-proves-little match-trust-to-the-stakes
    wise-trust-is-not-suspicion
patterns-to-take-seriously none
    patterns-not-labels people-who-lie-a-lot broken-promises big-feelings-or-frightening-acts! old-rivals
manipulation-and-control high
    not-energy-vampires signs-of-emotional-abuse gaslighting-and-blame-reversal guilt-duty-and-pity
    deciding-safely
scams-and-con-artists none
    anyone-can-be-targeted how-the-script-runs slow-down-and-verify if-it-happened-to-you
    voices-that-are-not-real
should-we-rebuild high
    safety-check-first is-there-ground-to-build-on your-reasons seeing-clearly on-equal-footing
making-amends care
    own-it-fully an-apology-that-works openness-without-surveillance promises-you-can-keep
    patience-with-their-timing
healing-and-forgiveness care
    write-it-down from-harmed-to-having-choices grieve-and-find-supports what-forgiveness-is-and-is-not
    when-forgiving-can-hurt! trusting-again-in-steps when-others-say-forgive!
repair-as-a-couple care
    three-stages the-disclosure-talk agreements-and-check-ins reading-everyday-moments-fairly
    when-to-get-a-therapist
repair-family-friends-work none
    when-a-parent-broke-your-trust! understanding-is-not-excusing doing-something-together
    when-you-are-the-parent friends-and-colleagues telling-the-children
"""

# Works with a DOI, as the brief's evidence base names them.
WORKS = {
    "10.1177/0146167297234003": "Aron 1997",
    "10.1037/0022-006X.73.1.144": "Atkins 2005",
    "10.1207/s15327957pspr1003_2": "Bond 2006",
    "10.1037/0033-2909.134.4.477": "Bond 2008",
    "10.2105/AJPH.93.7.1089": "Campbell 2003",
    "10.1037/a0019714": "Campbell 2010",
    "10.1037/0022-006X.68.5.774": "Cano 2000",
    "10.1177/1948550609360261": "Carter 2010",
    "10.1037/0033-2909.116.3.457": "Collins 1994",
    "10.1037/0021-9010.92.4.909": "Colquitt 2007",
    "10.1177/0269758015571471": "Cross 2015",
    "10.1176/appi.prcp.20190046": "Curtis 2020",
    "10.1037/0021-9010.87.4.611": "Dirks 2002",
    "10.1037/a0036673": "Dunning 2014",
    "10.1002/jclp.20442": "Easton 2008",
    "10.2307/2666999": "Edmondson 1999",
    "10.1037/0022-3514.82.6.956": "Finkel 2002",
    "10.1207/S15327957PSPR0602_03": "Fraley 2002",
    "10.1037/0033-2909.132.6.823": "Frattaroli 2006",
    "10.1111/peps.12183": "Frazier 2017",
    "10.1002/j.2161-007X.1998.tb00426.x": "Freedman 1998",
    "10.1016/j.jemermed.2007.02.065": "Glass 2008",
    "10.1111/j.1752-0606.2004.tb01235.x": "Gordon 2004",
    "10.1177/0265407518761225": "Hall 2019",
    "10.1111/j.1475-6811.2010.01275.x": "Hannon 2010",
    "10.1080/10926771.2017.1320777": "Harsey 2017",
    "10.1177/0956797610367752": "Haselhuhn 2010",
    "10.1111/desc.12171": "Hays 2014",
    "10.1016/S0148-2963(03)00140-1": "Johnson 2005",
    "10.1037/0021-9010.89.1.104": "Kim 2004",
    "10.1016/j.obhdp.2005.07.002": "Kim 2006",
    "10.1111/j.1467-8624.2005.00849.x": "Koenig 2005",
    "10.1177/0963721411408883": "Kross 2011",
    "10.1037/0022-3514.74.5.1238": "Laurenceau 1998",
    "10.1037/a0029912": "Lavner 2012",
    "10.1177/0261927X14535916": "Levine 2014",
    "10.4135/9781452243610.n7": "Lewicki 1996",
    "10.1111/ncmr.12073": "Lewicki 2016",
    "10.1037/a0017838": "Luchies 2010",
    "10.1037/a0031054": "Luchies 2013",
    "10.1037/cfp0000012": "Marín 2014",
    "10.5465/amr.1995.9508080335": "Mayer 1995",
    "10.5465/256727": "McAllister 1995",
    "10.1037/0022-3514.75.6.1586": "McCullough 1998",
    "10.1177/0146167211407077": "McNulty 2011",
    "10.1037/0022-3514.70.1.79": "Murray 1996",
    "10.1037/0033-2909.132.5.641": "Murray 2006",
    "10.1016/j.jesp.2012.10.010": "Murray 2013",
    "10.1177/026540758900600203": "Pfeiffer 1989",
    "10.1037/0022-3514.49.1.95": "Rempel 1985",
    "10.1037/a0021827": "Righetti 2011",
    "10.1111/1467-8624.00467": "Roisman 2002",
    "10.1177/0146167210374957": "Rotenberg 2010",
    "10.1111/j.1467-6494.1967.tb01454.x": "Rotter 1967",
    "10.1037/0003-066X.35.1.1": "Rotter 1980",
    "10.1016/j.obhdp.2006.05.005": "Schweitzer 2006",
    "10.1111/j.1468-2958.2009.01366.x": "Serota 2010",
    "10.1037/0022-3514.92.2.355": "Simpson 2007",
    "10.1111/j.1467-8721.2007.00517.x": "Simpson 2007",
    "10.1037/a0037564": "Smith 2014",
    "10.1177/0003122419874843": "Sweet 2019",
    "10.1037/a0035268": "Wade 2014",
    "10.1111/famp.12185": "Whisman 2016",
    "10.1093/bjc/azt009": "Whitty 2013",
    "10.1037/0022-3514.77.5.942": "Wieselquist 1999",
    "10.1111/j.1467-9280.2006.01750.x": "Willis 2006",
    "10.1007/BF02249397": "Yamagishi 1994",
}

# The other works of the evidence base: books, chapters, laws, pages and papers without a DOI here.
OTHER_WORKS = {
    "Ainsworth 1978",
    "Bowlby 1969",
    "Cialdini 2021",
    "Enright 2000",
    "Erikson 1950",
    "Federal Trade Commission 2023",
    "Federal Trade Commission 2024",
    "Freyd 1996",
    "Gottman 2011",
    "Internet Crime Complaint Center 2024",
    "Irvine 2023",
    "Larzelere 1980",
    "Mogk 2006",
    "National Domestic Violence Hotline",
    "Pew Research Center 2025",
    "Pillemer 2020",
    "Reis 1988",
    "Serious Crime Act 2015",
    "Serota 2015",
    "Stark 2007",
    "World Health Organization 2018",
    "World Health Organization 2025",
}

# What the stylesheet gives colors to; a drawing has none of its own.
CLASSES = {"ink", "faint", "soft", "paper", "hue", "gold", "dash", "ink-fill", "hue-fill", "gold-fill"} | {
    "t",
    "t-s",
    "t-b",
    "t-n",
}
SHAPES = {"svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "text", "tspan"}
GEOMETRY = {"viewBox", "class", "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy"} | {
    "width",
    "height",
    "points",
    "transform",
    "text-anchor",
}


def curriculum() -> dict[str, tuple[str, list[str]]]:
    """Lesson to its safety level and its anchors, the warning sign still on them."""
    lessons: dict[str, tuple[str, list[str]]] = {}
    for line in CURRICULUM.strip().splitlines():
        if line.startswith(" "):
            lessons[list(lessons)[-1]][1].extend(line.split())
        else:
            slug, level = line.split()
            lessons[slug] = (level, [])
    return lessons


EXPECTED = curriculum()
ADDRESSES = [f"{slug}#{anchor.rstrip('!')}" for slug, (_, anchors) in EXPECTED.items() for anchor in anchors]


# Files


EVERYTHING = {"part": [part_source(slug=slug, position=place) for place, slug in enumerate(PARTS, 1)]}


@by_lesson
def test_lesson_is_written_back_byte_for_byte(path: Path) -> None:
    written = LESSON.filing.write([lesson(path)], EVERYTHING)
    assert written == {path.relative_to(CONTENT).as_posix(): path.read_bytes().decode()}


@by_quiz
def test_quiz_is_written_back_byte_for_byte(path: Path) -> None:
    written = KINDS["quiz"].filing.write([quiz(path)], {})
    assert written == {path.relative_to(CONTENT).as_posix(): path.read_bytes().decode()}


@pytest.mark.parametrize("kind, path", [("part", "parts.yaml"), ("help line", "help.yaml"), ("term", "glossary.yaml")])
def test_list_is_written_back_byte_for_byte(shipped: Shipped, kind: str, path: str) -> None:
    written = KINDS[kind].filing.write(shipped.content.values(kind), {})
    assert written == {path: (CONTENT / path).read_bytes().decode()}


def test_content_folder_has_no_problem(shipped: Shipped) -> None:
    assert shipped.content.problems == []


# What is there


def test_lessons_and_sections_are_the_curriculum_s() -> None:
    assert (len(EXPECTED), len(ADDRESSES)) == (21, 112)
    assert [source.number for source in every_lesson()] == list(range(1, 22))
    found = {source.slug: [section.anchor for section in source.sections] for source in every_lesson()}
    assert list(found) == list(EXPECTED)
    assert found == {slug: [anchor.rstrip("!") for anchor in anchors] for slug, (_, anchors) in EXPECTED.items()}


def test_lessons_stand_in_their_parts() -> None:
    places = [source.part for source in every_lesson()]
    assert places == ["formation"] * 6 + ["loss"] * 6 + ["who-not-to-trust"] * 4 + ["rebuilding"] * 5


def test_safety_levels_are_the_curriculum_s() -> None:
    assert {source.slug: source.safety for source in every_lesson()} == {
        slug: level for slug, (level, _) in EXPECTED.items()
    }


def test_sections_with_a_warning_sign_have_their_safety_box() -> None:
    """In the two lessons marked twice more sections may have one; nowhere else."""
    wanted = {
        f"{slug}#{anchor[:-1]}" for slug, (_, anchors) in EXPECTED.items() for anchor in anchors if anchor[-1] == "!"
    }
    boxed = {address for address, section in every_section() if section.safety}
    assert wanted <= boxed
    assert {EXPECTED[address.partition("#")[0]][0] for address in boxed - wanted} <= {"high"}


def test_repair_advice_is_what_the_brief_hides() -> None:
    marked = {address for address, section in every_section() if section.not_in_danger}
    assert marked == {address for address in ADDRESSES if oracle.is_repair_advice(address)}
    assert len(marked) == 41


@by_lesson
def test_lesson_has_all_its_parts(path: Path) -> None:
    source = lesson(path)
    assert 3 <= len(source.objectives) <= 4
    assert 4 <= len(source.sections) <= 7
    assert len(source.citations) >= 3
    assert 1 <= source.exercise.minutes <= 10
    assert source.reviewed < source.review_due


# Where it leads


def test_links_between_lessons_land_on_sections() -> None:
    targets = [
        (source.slug, address)
        for source in every_lesson()
        for body in source.bodies
        for _, address in markdown.look(body).references
    ]
    assert len(targets) > 40
    assert [(slug, address) for slug, address in targets if address not in ADDRESSES] == []


@by_quiz
def test_quiz_leads_to_sections_that_exist(path: Path) -> None:
    assert {link.to for link in quiz(path).links} <= set(ADDRESSES)


@by_quiz
def test_every_score_of_every_dimension_lies_in_one_band(path: Path) -> None:
    source = quiz(path)
    for dimension in source.dimensions:
        starts = [band.start for band in source.bands_of(dimension)]
        spans = list(zip(starts, [*(start - 1 for start in starts[1:]), 100], strict=True))
        assert [sum(first <= score <= last for first, last in spans) for score in range(101)] == [1] * 101
        assert all(band.links for band in dimension.bands)


# The one section that no band leads to: a note does, where all five sources of mistrust are low.
BY_NOTE = "where-mistrust-comes-from#temperament-and-habit"


def test_every_section_can_be_reached_from_a_result() -> None:
    sources = [quiz(path) for path in QUIZ_FILES]
    by_band = {
        link.to
        for source in sources
        for dimension in source.dimensions
        for band in dimension.bands
        for link in band.links
    }
    by_note = {note.link.to for source in sources for note in source.notes if note.link}
    assert by_band == set(ADDRESSES) - {BY_NOTE}
    assert by_note == {BY_NOTE}


def test_every_band_leads_somewhere_in_every_context() -> None:
    """What would be left without a link is refused when publishing; here it is told by name."""
    empty = [
        (source.slug, context, dimension.key, place)
        for source in map(quiz, QUIZ_FILES)
        for context in source.contexts or ("",)
        for dimension in source.dimensions_for(context)
        for place, band in enumerate(dimension.bands)
        if not any(not link.contexts or context in link.contexts for link in band.links)
    ]
    assert empty == []


# What it cites


@by_lesson
def test_lesson_cites_works_of_the_evidence_base(path: Path) -> None:
    cited = lesson(path).citations
    unknown = [each.citation for each in cited if author_and_year(each.citation) not in {*WORKS.values(), *OTHER_WORKS}]
    assert unknown == []
    assert {each.doi: author_and_year(each.citation) for each in cited if each.doi} == {
        each.doi: WORKS.get(each.doi, "no such DOI") for each in cited if each.doi
    }


@by_lesson
def test_lesson_cites_each_work_once(path: Path) -> None:
    cited = [each.citation for each in lesson(path).citations]
    assert len(cited) == len(set(cited))
    assert cited == sorted(cited, key=str.casefold)


@pytest.mark.parametrize("doi", WORKS)
def test_doi_is_well_formed(doi: str) -> None:
    assert re.fullmatch(r"10\.\d{4,5}/[A-Za-z0-9.()/_-]*[A-Za-z0-9]", doi)


# How it is drawn


DRAWN = sorted(FIGURES.glob("*.svg"))
_PICTURE = re.compile(r"!\[([^\]]*)\]\((\S+?)(?: \"([^\"]*)\")?\)")


def pictures() -> list[tuple[str, str, str, str]]:
    """Lesson, text alternative, address and caption of every picture."""
    return [
        (source.slug, *found.groups(default=""))  # type: ignore[misc]
        for source in every_lesson()
        for body in source.bodies
        for found in _PICTURE.finditer(body)
    ]


def test_every_picture_is_one_of_our_drawings_and_says_what_it_shows() -> None:
    assert [(slug, to) for slug, _, to, _ in pictures() if FIGURES / Path(to).name not in DRAWN] == []
    assert {str(Path(to).parent) for _, _, to, _ in pictures()} <= {"/static/figures"}
    assert [(to, words(alternative)) for _, alternative, to, _ in pictures() if words(alternative) < 8] == []


def test_no_drawing_is_used_twice() -> None:
    shown = [to for *_, to, _ in pictures()]
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_drawing_takes_its_colors_from_the_page(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) < 4096
    for node in ElementTree.fromstring(text).iter():
        assert node.tag.removeprefix("{http://www.w3.org/2000/svg}") in SHAPES
        assert set(node.attrib) <= GEOMETRY
        assert set(node.attrib.get("class", "").split()) <= CLASSES
    assert re.findall(r"(?i)<script|<style|style=|\bid=|#[0-9a-f]{3,6}\b|rgb|url\(|href|\bon\w+=", text) == []


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_drawing_scales_with_the_page(path: Path) -> None:
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    assert re.fullmatch(r"0 0 \d+(?:\.\d+)? \d+(?:\.\d+)?", root.attrib["viewBox"])
    assert {"width", "height"}.isdisjoint(root.attrib)
