"""How the course reads: length, grade, names, rhythm, spelling, what is never said, and that claims have their source.

The figures of the rules are those of a reading of the first edition that heard its tics: six invented names a lesson, a
clock in most openings, limits that wink, ", and no …" to close a thought.
"""

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from articles.source import IN_SHORT_WORDS, LessonSource
from tests.conftest import Shipped
from tests.course import (
    CONTENT,
    LESSON_FILES,
    QUIZ_FILES,
    author_and_year,
    by_lesson,
    by_quiz,
    every_lesson,
    grade,
    lesson,
    plain,
    quiz,
    words,
    words_of,
)
from tools.runs import hashed, runs

FILES = [*LESSON_FILES, *QUIZ_FILES, *CONTENT.glob("*.yaml")]
DRAWINGS = sorted((settings.BASE_DIR / "static" / "figures").glob("*.svg"))

# Wordings of the brief's section 5.5, "Instead of".
FORBIDDEN = (
    r"energy vampires?",
    r"toxic (?:person|people|partner|friend|relationship)s?",
    r"narcissis\w*",
    r"psychopath\w*",
    r"sociopath\w*",
    r"masochis\w*",
    r"co-?dependen\w*",
    r"let yourself be deceived",
    r"victim role",
    r"play(?:ing|s|ed)? the victim",
    r"pathological liars?",
    r"(?:you )?must forgive",
    r"must move on",
    r"(?:must )?stay positive",
    r"husband and wife",
    r"man and woman",
    r"correction of (?:your |their |the )?fears?",
    r"normal people",
    r"cheaters?",
    r"addicts?",
)

# American spelling and words throughout: what is not said.
BRITISH = re.compile(
    r"(?i)\b(?:behaviour\w*|colou?red?(?<=oured)|colours?|colourful|favour\w*|honour\w*|neighbour\w*|labour\w*|harbour"
    r"|rumour\w*|humour|judgement\w*|counsell\w+|apologis\w+|realis\w+|organis\w+|recognis\w+|criticis(?:e\w*|ing)"
    r"|idealis\w+|minimis\w+|normalis\w+|programmes?|centres?|theatre|litre|grey|mum|mummy|flatmate|rang|takeaway|tram"
    r"|queue\w*|fortnight|whilst|petrol|lorry|pavement|solicitor|cheque\w*|practis\w+|licence|defence|offence"
    r"|travell\w+|learnt|dreamt|spelt|burnt|leant|cash machine|biscuit\w*|car park|motorway|nappy|nappies|afterwards"
    r"|towards|forwards|backwards|upwards|rubbish|maths|in hospital|storey|kerb|tyre|sceptic\w*|enrol|fulfil"
    r"|instalments?|skilful|wilful|jewellery|pyjamas|postcode|cosy|estate agent|shan\u2019t|carers?"
    r"|ring(?:s|ing)? (?:the|her|him|them|your|me|up)|straight away|cinema)\b"
)

# A study that is spoken of as if it were a person, in place of who was studied and how.
WINK = re.compile(
    r"(?i)\b(?:stud(?:y|ies)|theory|model|findings?|figures?|numbers?|papers?|research|survey|author|data)\b[^.!?]{0,30}?"
    r"\b(?:has never met|knows?|grades?|is silent|leaves? (?:open|unsettled)|says? nothing|tells? (?:you )?nothing"
    r"|explains? no|cannot (?:say|see|know|decide|forecast))\b|\bwe are not told\b|\bno (?:theory|study) knows\b"
)
AND_NO = re.compile(r"(?i), and (?:no|not|never|nothing|nobody|none)\b")
CLOCK = re.compile(
    r"(?i)\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b\d{1,2}:\d\d\b|\bo\u2019clock\b"
    r"|\b(?:half|quarter|five|ten|twenty) (?:past|to) \w+"
    r"|\b(?:at|until|till|by|since) (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|noon|midnight)\b"
    r"|\b(?:two|three|four) in the morning\b"
)
# Where somebody is in danger the text says "Call", not this.
SOFT = re.compile(
    r"(?i)\byou (?:could|might|may) (?:call|phone|go to the help|turn to the help|ask an? (?:crisis|advocate))"
)

# What sentences for somebody in danger have in them, so that they may read the same everywhere.
SAFETY = r"\b[Cc]all\b|help page|emergency|throat|weapon|forced sex|doctor|clinic|\bafraid\b|[Hh]otline|pills"

# Words of the glossary that every lesson says; all others are linked where a lesson first uses them, or taught there.
EVERYDAY = {"betrayal", "trust"}

# What is claimed, by words that betray the claim, and the work that has to be among the lesson's sources.
CLAIMS = {
    r"\b54\b": "Bond 2006",
    r"\bstrain tests?\b": "Simpson 2007",
    r"\bfour-year-olds\b": "Koenig 2005",
    r"\b78 people\b": "Simpson 2007",
    r"\bbasic trust\b": "Erikson 1950",
    r"\b45 minutes\b": "Aron 1997",
    r"\btenth of a second\b": "Willis 2006",
    r"\b194 managers\b": "McAllister 1995",
    r"\b106 samples\b": "Dirks 2002",
    r"\b132 samples\b": "Colquitt 2007",
    r"\b398 published cases\b": "Easton 2008",
    r"\b232 newly married couples\b": "Lavner 2012",
    r"\bsix couples\b": "Gordon 2004",
    r"\b138 students\b": "Harsey 2017",
    r"\b85 older people\b": "Cross 2015",
    r"\btwenty people who had met romance scams\b": "Whitty 2013",
    r"\b64,000 reports\b": "Federal Trade Commission 2024",
    r"(?:half of|half the) (?:all )?(?:the )?lies": "Serota 2010",
    r"\b34 percent\b": "Pew Research Center 2025",
    r"\b27 percent\b": "Pillemer 2020",
    r"\b755\b": "Lewicki 2016",
    r"\b189 students\b": "Kim 2006",
    r"\b50 hours\b": "Hall 2019",
    r"\b146 trials\b": "Frattaroli 2006",
    r"\b623 volunteers\b": "Curtis 2020",
    r"\bnearly 1 in 3 women\b": "World Health Organization 2025",
    r"\bsix times as likely\b": "Cano 2000",
    r"\b227\b": "Whisman 2016",
    r"\b220\b": "Campbell 2003",
    r"\b[Mm]ore than 4 in 10\b": "Glass 2008",
    r"\b4 of (?:the )?5\b|\bfour of (?:the )?five\b|\b6 of (?:the )?14\b": "Marín 2014",
    r"\b49 couples\b": "Irvine 2023",
    r"\bsection 76\b|Serious Crime Act": "Serious Crime Act 2015",
    r"\bsecure base\b": "Ainsworth 1978",
    r"[Dd]anger can rise|[Ll]eaving can raise|(?:danger|risk)[^.]{0,30}(?:around leaving|separation)": "Campbell 2003",
    r"[Tt]he (?:US |National )?(?:[Dd]omestic [Vv]iolence )?[Hh]otline": "National Domestic Violence Hotline",
}
# Names of places, days and bodies, and words that only begin sentences; who else has a capital letter is a cited author
# or a person of the story.
KNOWN = set(
    re.findall(
        r"\w+",
        """I January February March April May June July August September October November December Monday Tuesday
        Wednesday Thursday Friday Saturday Sunday Mondays Tuesdays Wednesdays Thursdays Fridays Saturdays Sundays
        United States England Wales Scotland Ireland Britain British American Americans Canada Australia Zealand
        India Europe Germany Japan Japanese Africa African Pew Research Center General Social Survey National
        Domestic Violence Hotline World Health Organization Federal Trade Commission Internet Crime Complaint
        Serious Act Olympics English Fourteen Draining Christmas Easter Ramadan Eid God Mom Dad Grandma Grandpa Dear
        Mon Tue Wed Thu Fri Sat Sun""",
    )
)


def texts(source: LessonSource) -> str:
    return "\n\n".join([source.scene, *(section.body for section in source.sections), source.exercise.body])


def everything(source: LessonSource) -> str:
    return plain("\n\n".join(words_of(source)))


# Length and grade


@by_lesson
def test_lesson_has_its_length(path: Path) -> None:
    source = lesson(path)
    assert 60 <= words(source.scene) <= 90
    assert 1150 <= words(source.scene) + sum(words(section.body) for section in source.sections) <= 2050
    short = {section.anchor: words(section.body) for section in source.sections if words(section.body) < 120}
    assert short == {}


@by_lesson
def test_lesson_says_in_short_what_it_says(path: Path) -> None:
    source = lesson(path)
    assert 15 <= words(source.in_short) <= IN_SHORT_WORDS
    assert 5 <= words(source.act) <= 35
    assert re.search(r"(?i)\byou", source.in_short)
    assert people(source) & set(re.findall(r"\w+", f"{source.in_short} {source.act}")) == set()


@by_lesson
def test_lesson_reads_at_grade_eight_or_below(path: Path) -> None:
    source = lesson(path)
    assert grade("\n\n".join([*source.bodies, source.in_short])) <= 8
    hard = {section.anchor: grade(section.body) for section in source.sections if grade(section.body) > 8}
    assert hard == {}


# Names and rhythm


@cache
def lower_case() -> set[str]:
    """Every word that some lesson writes with a small letter."""
    return {word for source in every_lesson() for word in re.findall(r"(?<![\w\u2019])[a-zà-ÿ]+", everything(source))}


def people(source: LessonSource) -> set[str]:
    """The invented people of a lesson, in pictures too: capitals that nothing else explains."""
    cited = set(re.findall(r"[A-ZÀ-Þ][\w-]+", " ".join(each.citation for each in source.citations)))
    shown = re.sub(r"!\[([^\]]*)\]\(\S+ ?(.*?)\)", r"\1 \2", re.sub(r"\*\*", "", texts(source)))
    text = plain(shown.replace("|", "\n"))
    given = re.findall(r"((?:[A-Z][a-z]+ )+)(?:[A-Z]\. )?([A-Z]\w+)", text)
    firsts = {first for firsts, last in given if last in cited for first in firsts.split()}
    found: Counter[str] = Counter()
    within = set()  # a sentence, where nothing but a name has a capital letter
    for match in re.finditer(r"\b[A-ZÀ-Þ][A-Za-zà-ÿ]+", text):
        name = match[0]
        if name in KNOWN | cited | firsts or name.isupper() or name.lower() in lower_case():
            continue
        found[name] += 1
        if re.search(r"[\w,;\u2019] $", text[: match.start()]):
            within.add(name)
    return {name for name, times in found.items() if times > 1 or name in within}


@by_lesson
def test_lesson_has_at_most_three_names(path: Path) -> None:
    assert 1 <= len(people(lesson(path))) <= 3, people(lesson(path))


def test_names_are_found() -> None:
    """The mechanism: with a fourth name the rule above would break."""
    source = every_lesson()[0]
    other = replace(source, scene=f"{source.scene}\n\nThen she called Bartholomea.")
    assert people(other) - people(source) == {"Bartholomea"}


def test_a_third_of_the_openings_at_most_have_a_clock_or_a_day() -> None:
    timed = [source.slug for source in every_lesson() if CLOCK.search(plain(source.scene))]
    assert len(timed) <= 7, timed


def test_about_a_third_of_the_sections_open_on_a_person() -> None:
    opens = [
        bool(people(source) & set(re.findall(r"\w+", section.body.split("\n\n")[0].split(". ")[0])))
        for source in every_lesson()
        for section in source.sections
    ]
    assert 0.2 <= sum(opens) / len(opens) <= 0.45


@by_lesson
def test_and_no_closes_one_thought_at_most(path: Path) -> None:
    assert len(AND_NO.findall(everything(lesson(path)))) <= 1


def test_limits_say_who_was_studied_and_do_not_wink() -> None:
    found = [match[0] for source in every_lesson() for match in WINK.finditer(everything(source))]
    assert len(found) <= 6, found


@pytest.mark.parametrize(
    "text",
    [
        "As a theory, it has never met the one you are thinking of.",
        "The model of 1995 grades nobody.",
        "For whom the distance was good we are not told.",
        "What works after a lie, that study leaves unsettled.",
        "No theory knows which day taught you.",
    ],
)
def test_winking_limits_are_found(text: str) -> None:
    assert WINK.search(text)


def told_once(length: int) -> list[str]:
    """Runs of words that two lessons share. Where somebody is in danger the same words are a virtue: such sentences,
    those that name the hotline, and the names of works are left out."""
    spoken: Counter[str] = Counter()
    for source in every_lesson():
        said = re.sub(rf"[^.!?\n]*(?:{SAFETY})[^.!?\n]*", ".", plain(texts(source)))
        spoken.update({run for sentence in re.split(r"[.!?\n]", said) for run in runs(sentence, length)})
    return sorted(run for run, times in spoken.items() if times > 1 and not re.search(r"\b(?:19|20)\d\d\b", run))


def test_lessons_do_not_repeat_each_other() -> None:
    assert told_once(6) == []


def test_five_words_in_a_row_are_seldom_said_twice() -> None:
    assert len(told_once(5)) <= 33, told_once(5)


# What is said, and what is not


def test_the_word_affair_is_said_where_it_belongs() -> None:
    said = {source.slug: len(re.findall(r"(?i)\baffairs?\b", everything(source))) for source in every_lesson()}
    assert sum(said.values()) >= 40
    assert len([slug for slug, times in said.items() if times]) >= 8
    wanted = ("how-trust-breaks", "the-first-days", "after-the-breach", "healing-and-forgiveness", "repair-as-a-couple")
    assert [slug for slug in wanted if said[slug] < 3] == []


@by_lesson
def test_danger_says_call(path: Path) -> None:
    assert SOFT.findall(everything(lesson(path))) == []


def test_a_gun_and_a_hand_on_the_throat_stand_in_every_list_of_danger() -> None:
    for slug in ("patterns-to-take-seriously", "manipulation-and-control", "should-we-rebuild"):
        [source] = [each for each in every_lesson() if each.slug == slug]
        assert re.search(r"\bgun\b", texts(source)), slug
        assert re.search(r"\bthroat\b", texts(source)), slug


@by_lesson
def test_glossary_words_are_linked_at_first_use(path: Path, shipped: Shipped) -> None:
    source = lesson(path)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", texts(source))
    links = [match.span() for match in re.finditer(r"\[[^\]]*\]\([^)]*\)", text)]
    for term in shipped.terms:
        first = re.search(rf"(?i)(?<![/#\w-]){term.term}\b", text)
        if first and term.term not in EVERYDAY and not term.section.startswith(f"{source.slug}#"):
            assert any(start <= first.start() < end for start, end in links), term.term


def test_advocate_is_explained_once() -> None:
    explained = [source.slug for source in every_lesson() if "**advocate**" in texts(source)]
    assert explained == ["manipulation-and-control"]


@pytest.mark.parametrize("path", [*FILES, *DRAWINGS], ids=lambda path: path.stem)
def test_spelling_is_american(path: Path) -> None:
    """Captions and drawings too; names of works, addresses and anchors apart."""
    text = re.sub(r"(?m)^ *- ?cite:.*|\]\(\S+|[a-z-]*#[a-z-]+", "", path.read_text(encoding="utf-8"))
    assert BRITISH.findall(text) == []


@by_lesson
def test_lesson_uses_the_words_of_the_brief(path: Path) -> None:
    """Only the section that explains why we do not say "energy vampire" says it."""
    source = lesson(path)
    text = everything(source)
    for section in source.sections:
        if section.anchor == "not-energy-vampires":
            text = text.replace(plain(section.body), "").replace(section.heading, "")
    assert said(text) == []


@by_quiz
def test_quiz_uses_the_words_of_the_brief(path: Path) -> None:
    """A statement that is false may use them: it is there to be answered so."""
    text = path.read_text(encoding="utf-8").replace("#not-energy-vampires", "")
    for item in quiz(path).items:
        text = text.replace(item.text, "") if item.answer == "false" else text
    assert said(text) == []


def said(text: str) -> list[str]:
    return re.findall(rf"(?i)\b(?:{'|'.join(FORBIDDEN)})\b", text)


@pytest.mark.parametrize(
    "text, found",
    [
        ("a toxic person", ["toxic person"]),
        ("Narcissists", ["Narcissists"]),
        ("move on together", []),
        ("toxic fumes", []),
    ],
)
def test_forbidden_words_are_found(text: str, found: list[str]) -> None:
    assert said(text) == found


@pytest.mark.parametrize("path", [*LESSON_FILES, *QUIZ_FILES], ids=lambda path: path.stem)
def test_quotes_apostrophes_and_ellipses_are_those_of_a_book(path: Path) -> None:
    source = lesson(path) if path in LESSON_FILES else quiz(path)
    written = [re.sub(r'\]\(\S+ "[^"]*"\)|\]\([^)]*\)', "]", text) for text in words_of(source)]
    assert len(written) > 20
    assert [text for text in written if re.search(r"[\"']|\.\.\.|\u2014|\u201d[,.]", text)] == []


# Where it comes from


@pytest.mark.parametrize("claim", CLAIMS)
def test_claim_is_made_somewhere(claim: str) -> None:
    """Or its row of the table above would hold nothing."""
    assert any(re.search(claim, plain(texts(source))) for source in every_lesson())


@by_lesson
def test_every_claim_has_its_source(path: Path) -> None:
    source = lesson(path)
    cited = [author_and_year(each.citation) for each in source.citations]
    text = plain(texts(source))
    claimed = {work: found[0] for claim, work in CLAIMS.items() if (found := re.search(claim, text))}
    assert {work: words for work, words in claimed.items() if work not in cited} == {}


@by_lesson
def test_every_work_is_named_where_it_is_used(path: Path) -> None:
    """A source that no sentence names supports nothing."""
    source = lesson(path)
    text = plain(texts(source))
    unnamed = [each.citation for each in source.citations if not _named(each.citation, text)]
    assert unnamed == []


def _named(citation: str, text: str) -> bool:
    """By its first author, or by a body that goes by its initials or its last word too."""
    author = re.match(r"[^,.(]+", citation)
    assert author
    name = author[0].strip()
    initials = "".join(word[0] for word in name.split())
    return any(
        re.search(rf"(?i)\b{re.escape(each)}\b", text)
        for each in (name, name.split()[-1], initials, BODIES.get(name, name))
    )


BODIES = {
    "Internet Crime Complaint Center": "FBI",
    "Pew Research Center": "Pew",
    "Serious Crime Act 2015": "section 76",
}


def test_nothing_is_copied_from_the_source_article() -> None:
    """No run of six words in common with the article this course began from. It is not ours to ship, so its runs are
    kept as hashes; ``tools/runs.py`` makes them."""
    held = set(Path(__file__).with_name("source_runs.txt").read_text(encoding="ascii").split())
    assert len(held) > 2000
    read = [path.read_text(encoding="utf-8") for path in [*FILES, *DRAWINGS]]
    shipped = {run for text in read for run in runs(plain(text)) | runs(text)}
    assert [run for run in shipped if hashed(run) in held] == []
