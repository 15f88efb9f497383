"""The words of the shipped results: length, grade, never the same twice, and never a comfort where there is danger."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, combinations, product
from pathlib import Path

import pytest

from quizzes.guidance import Guidance, guide
from quizzes.scales import BAND_KEYS, SKIP
from quizzes.scoring import Scores, score
from quizzes.source import DimensionBandSource, ItemSource, LinkSource, QuizSource
from tests.course import QUIZ_FILES, by_quiz, every_section, grade, quiz, words
from tools.runs import runs

PERSON, BOND = "is-this-person-safe-to-trust", "trust-in-this-relationship"
REBUILD, SPOT, FACTS = "ready-to-rebuild", "spot-the-manipulation", "trust-facts"
SOURCES = {path.stem: quiz(path) for path in QUIZ_FILES}

# The brief's section 4, "Flag words".
FLAG_WORDS = {
    (PERSON, "control"): (
        "This should not be happening to you",
        "What you marked is something nobody should have to live with. Once is enough to talk to someone. It was not "
        "your fault, and you need not raise it with them. If there was a hand on your throat, a weapon or a threat to "
        "kill, call today, and see a doctor even if you feel fine. An advocate can think with you, whether you stay or "
        "go.",
    ),
    (BOND, "safety"): (
        "This is not free of fear",
        "Something here is not free of fear, or is not yours to decide, and it counts even if it is only partly so. "
        "Once is enough to talk to someone. It was not your fault, and you need not raise it with them. You could show "
        "these answers to one person outside. An advocate can think with you, whether you stay or go.",
    ),
    (PERSON, "honesty"): (
        "What you remember counts",
        "Being told that you imagined what you clearly remember wears a person down. It is no sign that your mind is "
        "failing, and it was not your fault. You need not prove anything to them, or raise it. Write nothing down "
        "where they could find it; tell one person outside what you remember. An advocate can think with you, whether "
        "you stay or go.",
    ),
    (PERSON, "respect"): (
        "Your no should count",
        "Being pushed after you have said no, or being mocked and shamed, is not a rough patch. It was not your fault, "
        "and you need not raise it with them. You do not have to wait until it gets worse to talk to someone. An "
        "advocate can think with you, whether you stay or go.",
    ),
}

# Words of names and labels that carry no content.
SMALL = set(re.findall(r"\w+", "a an and at can how in is it may not of right some than the to who with you"))
ENDINGS = re.compile(r"(?:ily|iness|ness|abilit(?:y|ies)|ilit(?:y|ies)|it(?:y|ies)|ty|ies|ing|ed|es|ly|s|y|e)$")

# What quiets a doubt that may be right. None of it stands in what is said about safety, control, today or honesty.
WHERE_DOUBT_IS_RIGHT = ("safety", "control", "now", "honesty")
SOOTHING = (
    # it is nothing
    r"nothing to (?:worry|fear)",
    r"nothing (?:is )?wrong\b",
    r"no (?:need|reason|cause) (?:to|for)\b",
    r"(?:need not|don\u2019t|do not|try not to|stop) (?:worry|hunt|check|look|fear|doubt|dig|ask|be afraid)",
    r"probably",
    r"(?:small|little|slight|passing|tiny|mild) (?:doubt|worr|fear|thing|matter)",
    r"just (?:a|an|the|your|one)\b",
    r"(?:only|merely) an?\b",
    r"only (?:once|one time|happened once)\b",
    r"(?:bad|rough|off|hard) (?:day|patch|phase|spell)\b",
    r"not (?:so|that|too) bad",
    r"all is well",
    r"(?<!if it )(?<!when it )(?<!where it )(?:is|are|looks?|seems?) (?:fine|safe|all right|okay|normal|harmless)\b",
    r"few signs?\b",
    r"good signs?\b",
    r"everybody does",
    r"everyone",
    # it is you
    r"(?:may|might|could) (?:well )?be (?:you|your|yours|yourself|in your head|nothing|fine|innocent)\b",
    r"overthink",
    r"over-?react",
    r"imagin",
    r"(?:too|over-?|so) ?(?:sensitive|suspicious)",
    r"paranoi",
    r"jealous",
    r"misunderst",
    r"misread",
    # so wait, and believe them
    r"let (?:it|this|that|them) (?:go|pass|rest|be)\b",
    r"give (?:it|this|them) (?:some |more )?time\b",
    r"it will pass\b",
    r"wait and see",
    r"(?:put|leave) it (?:aside|behind)",
    r"forget (?:it|about)",
    r"calm down",
    r"rest easy",
    r"relax",
    r"trust (?:them|him|her|this person|again)\b",
    r"believe (?:them|him|her)\b",
    r"give (?:them|him|her|it) (?:a|another) ",
    r"benefit of the doubt",
    r"means? well\b",
    r"meant well\b",
)

Band = tuple[str, str, str, DimensionBandSource]


def bands() -> Iterator[Band]:
    """Quiz, dimension and band key with the words of each."""
    for slug, source in SOURCES.items():
        for dimension in source.dimensions:
            for key, band in zip(BAND_KEYS, dimension.bands, strict=True):
                yield slug, dimension.key, key, band


BANDS = list(bands())
by_band = pytest.mark.parametrize("band", [each[-1] for each in BANDS], ids=["-".join(each[:3]) for each in BANDS])
by_scenario = pytest.mark.parametrize("item", SOURCES[SPOT].items, ids=lambda item: item.key)


def sentences(text: str) -> list[str]:
    """The sentences of a text; the mark that ends one may stand before a closing quote."""
    return re.split(r"(?<=[.!?])\u201d? +(?=[\u201c\u2018]?[A-Z])", text)


def links_of(source: QuizSource) -> Iterator[LinkSource]:
    """Those that have a reason."""
    return (link for link in source.links if link.why)


# Length and grade


def test_there_are_thirty_five_dimensions_with_three_texts_each() -> None:
    assert (len(SOURCES), len(BANDS), len({band.text for *_, band in BANDS})) == (7, 105, 105)


@by_band
def test_text_has_its_length_and_grade(band: DimensionBandSource) -> None:
    assert 40 <= words(band.text) <= 70
    assert grade(band.text) <= 8


@by_band
def test_act_is_one_sentence(band: DimensionBandSource) -> None:
    assert 8 <= words(band.act) <= 30
    assert len(sentences(band.act)) == 1
    assert re.match(r"[A-Z]", band.act)
    assert re.search(r"[.?]\u201d?$", band.act)


@by_quiz
def test_safety_act_is_one_sentence(path: Path) -> None:
    safety = quiz(path).safety
    assert safety is None or (8 <= words(safety.act) <= 30 and len(sentences(safety.act)) == 1)


@by_quiz
def test_reason_completes_this_section(path: Path) -> None:
    """One sentence that begins with a verb in the third person, and no other one's words."""
    reasons = {link.why for link in links_of(quiz(path))}
    assert [why for why in reasons if not re.fullmatch(r"[a-z]+s [^.!?]*\.", why)] == []
    assert [why for why in reasons if not 8 <= words(why) <= 20] == []


@by_quiz
def test_reason_is_of_one_section_alone(path: Path) -> None:
    sections = defaultdict(set)
    for link in links_of(quiz(path)):
        sections[link.why].add(link.to)
    assert {why: to for why, to in sections.items() if len(to) > 1} == {}


# Of its own


def stem(word: str) -> str:
    shorter = ENDINGS.sub("", word)
    return shorter if len(shorter) > 2 else word


def stems(text: str) -> set[str]:
    return {stem(word) for word in re.findall(r"[a-z]+", text.lower())}


def named(text: str, names: Iterable[str]) -> set[str]:
    """Content words of the names that a text holds, in whatever form."""
    content = {word for name in names for word in re.findall(r"[a-z]+", name.lower()) if word not in SMALL}
    return stems(text) & {stem(word) for word in content}


@by_quiz
def test_text_holds_no_word_of_its_heading(path: Path) -> None:
    """Whoever reads it alone knows what it is about by what it says."""
    source = quiz(path)
    found = {
        (dimension.key, key): named(band.text, (dimension.name, band.label))
        for dimension in source.dimensions
        for key, band in zip(BAND_KEYS, source.bands_of(dimension), strict=True)
    }
    assert {where: held for where, held in found.items() if held} == {}


@pytest.mark.parametrize(
    "text, names, held",
    [
        ("You trust your nose.", ("Self-trust", "Comes easily"), {"trust"}),
        ("This is easy.", ("Self-trust", "Comes easily"), {"eas"}),
        ("You are open.", ("Openness", "It depends"), {"open"}),
        ("They depend on you.", ("Openness", "It depends"), {"depend"}),
        ("It may be a bus of the city.", ("Part of it", "May play a part"), set()),
    ],
)
def test_words_of_a_heading_are_found(text: str, names: tuple[str, ...], held: set[str]) -> None:
    assert named(text, names) == held


def said() -> dict[str, str]:
    """Every text of every result by a name of its own. A section keeps its reason in a dimension's other bands, the
    safety sections keep theirs where they lead, the flag words are weighed as one, and the act of a flagged result
    is the same in all quizzes: each of these counts once."""
    texts = {}
    for slug, source in SOURCES.items():
        for dimension, key, band in ((each[1], each[2], each[3]) for each in BANDS if each[0] == slug):
            texts[f"{slug} {dimension} {key}"] = band.text
            texts[f"{slug} {dimension} {key} act"] = band.act
        for number, note in enumerate(source.notes, 1):
            texts[f"{slug} note {number}"] = note.text
        for item in source.items:
            texts |= {f"{slug} {item.key} {each.key}": each.feedback for each in item.options}
            texts |= {f"{slug} {item.key} otherwise": item.guess} if item.guess else {}
        for link in links_of(source):
            texts[f"{slug} {link.to}: {link.why}"] = link.why
    texts["flag words"] = " ".join(sorted({text for _, text in FLAG_WORDS.values()}))
    return texts


def twice(texts: dict[str, str]) -> dict[str, list[str]]:
    """Sentences and runs of eight words that stand in two texts."""
    found = defaultdict(list)
    for name, text in texts.items():
        own = {re.sub(r"\W+$", "", sentence).lower() for sentence in sentences(text)} | runs(text, 8)
        for each in own:
            found[each].append(name)
    return {each: names for each, names in found.items() if len(names) > 1}


def test_nothing_is_said_twice() -> None:
    assert twice(said()) == {}


def test_what_is_said_twice_is_found() -> None:
    sentence = "Nobody has a right to hurry you."
    run = "one two three four five six seven eight"
    found = twice({"a": f"{sentence} Go on.", "b": f"No. {sentence}", "c": f"Zero {run} nine.", "d": f"{run}, ten."})
    assert found == {"nobody has a right to hurry you": ["a", "b"], run: ["c", "d"]}


# Keyed answers


@by_scenario
def test_options_are_of_one_length(item: ItemSource) -> None:
    lengths = [len(option.text) for option in item.options]
    assert max(lengths) <= 1.2 * min(lengths)


def test_right_answer_is_seldom_the_longest() -> None:
    longest = [
        item.key
        for item in SOURCES[SPOT].items
        if max(len(option.text) for option in item.options)
        == next(len(option.text) for option in item.options if option.key == item.answer)
    ]
    assert len(longest) <= 5, longest


@by_scenario
def test_every_option_has_its_feedback(item: ItemSource) -> None:
    assert {
        option.key: words(option.feedback) for option in item.options if not 15 <= words(option.feedback) <= 45
    } == {}


def test_every_statement_says_why_the_other_answer_is_a_common_guess() -> None:
    """To nobody that they were careless, and never with the explanation again."""
    for item in SOURCES[FACTS].items:
        assert 15 <= words(item.guess) <= 45, item.key
        assert grade(item.guess) <= 8, item.key
        assert runs(item.guess, 5) & runs(item.explanation, 5) == set(), item.key


# Where there is danger


def test_flag_words_are_the_brief_s() -> None:
    found = {
        (slug, dimension.key): (dimension.danger.label, dimension.danger.text)
        for slug, source in SOURCES.items()
        for dimension in source.dimensions
        if dimension.danger
    }
    assert found == FLAG_WORDS


def soothes(text: str) -> list[str]:
    return re.findall(rf"(?i)\b(?:{'|'.join(SOOTHING)})", text)


@pytest.mark.parametrize(
    "band",
    [each[-1] for each in BANDS if each[1] in WHERE_DOUBT_IS_RIGHT],
    ids=["-".join(each[:3]) for each in BANDS if each[1] in WHERE_DOUBT_IS_RIGHT],
)
def test_nothing_soothes_a_doubt_that_may_be_right(band: DimensionBandSource) -> None:
    texts = [band.text, band.act, *(link.why for link in band.links)]
    assert [found for text in texts for found in soothes(text)] == []


def test_a_condition_of_safety_soothes_nobody() -> None:
    assert soothes("Say hello when it is safe, and say no if it is safe.") == []


@pytest.mark.parametrize(
    "text",
    [
        "There is nothing to worry about.",
        "You reported few of these, so there is no need to hunt.",
        "You need not hunt for more.",
        "It is probably nothing.",
        "It may be your past that speaks.",
        "It might be yourself you doubt.",
        "A small doubt like this is common.",
        "You could let it pass this time.",
        "Let this go.",
        "Give it time.",
        "Give them some time.",
        "In the end you can trust them.",
        "Believe him when he says so.",
        "Give them another chance.",
        "Perhaps you overthink it.",
        "Perhaps you are overreacting.",
        "You may have imagined it.",
        "It was just a plate.",
        "It was only a bad day.",
        "Every couple has a rough patch.",
        "Give them the benefit of the doubt.",
        "They mean well.",
        "Some people are too sensitive.",
        "That is jealousy.",
        "You can relax now.",
        "This looks fine.",
        "This person seems safe.",
        "Everyone argues.",
        "Wait and see.",
        "It is not that bad.",
        "You may have misread it.",
        "It happened only once.",
        "Those are good signs.",
        "You reported few signs.",
        "Try not to worry.",
        "It will pass.",
        "Let it rest.",
    ],
)
def test_what_soothes_is_found(text: str) -> None:
    assert soothes(text)


# Flags and what is hidden

HIDDEN = frozenset(address for address, section in every_section() if section.not_in_danger)


def subsets(items: Iterable[str]) -> Iterator[tuple[str, ...]]:
    pool = list(items)
    return chain.from_iterable(combinations(pool, size) for size in range(len(pool) + 1))


def addresses(guidance: Guidance) -> set[str]:
    """All that a result leads to."""
    noted = [note.link for note in guidance.notes if note.link]
    return {link.to for link in chain(guidance.reading, noted, *(each.links for each in guidance.dimensions))}


def answers(source: QuizSource, context: str, flagging: Iterable[str], calm: str) -> dict[str, str]:
    """Answers of which exactly the items ``flagging`` raise the flag; the others as near to ``calm`` as they can."""
    scale = source.answers_to(source.items[0])
    given = {}
    for item in source.items_for(context):
        flags = {str(each) for each in item.flag_at}
        allowed = [each for each in scale if (each in flags) == (item.key in flagging)]
        given[item.key] = calm if calm in (*allowed, SKIP) and item.key not in flagging else allowed[-1]
    return given


@pytest.mark.parametrize("slug, many", [(BOND, 16), (PERSON, 1024)])
def test_no_set_of_flagging_answers_leads_to_what_is_hidden(slug: str, many: int) -> None:
    source = SOURCES[slug]
    sets = list(subsets(item.key for item in source.items if item.flag_at))
    assert len(sets) == many
    raised = Counter[frozenset[str]]()
    for context, flagging, calm in product(source.contexts or ("",), sets, (*source.answers_to(source.items[0]), SKIP)):
        result = score(source, answers(source, context, flagging, calm), context)
        assert set(flagging) <= set(result.flags)
        guidance = guide(source, result, hidden=HIDDEN)
        assert guidance.hides or not result.flagged
        if result.flagged:
            raised[result.raised] += 1
            assert addresses(guidance) & HIDDEN == set(), (context, flagging, calm)
            assert [link.to for link in guidance.reading[:2]] == [link.to for link in source.safety.links]  # type: ignore[union-attr]
    assert set(raised) == {frozenset(each) for each in subsets({key for of, key in FLAG_WORDS if of == slug}) if each}


def every_band(source: QuizSource, context: str) -> Iterator[dict[str, int | None]]:
    """A score for each dimension in each band, and none, in every combination."""
    asked = source.dimensions_for(context)
    scores = [(None, *(band.start for band in source.bands_of(dimension))) for dimension in asked]
    for each in product(*scores):
        yield {dimension.key: value for dimension, value in zip(asked, each, strict=True)}


@pytest.mark.parametrize("slug", [BOND, PERSON])
def test_no_raised_set_leads_to_what_is_hidden(slug: str) -> None:
    """Whatever the scores beside it: all sets of dimensions that can raise the flag with all bands of all others."""
    source = SOURCES[slug]
    raisers = sorted(dimension.key for dimension in source.dimensions if dimension.danger)
    for context in source.contexts or ("",):
        for scores, raised in product(every_band(source, context), subsets(raisers)):
            if raised:
                guidance = guide(source, Scores(context, True, scores, frozenset(raised)), hidden=HIDDEN)
                assert addresses(guidance) & HIDDEN == set(), (context, scores, raised)


def test_unease_leads_to_nothing_hidden_even_without_a_flag() -> None:
    source = SOURCES[BOND]
    for context in source.contexts:
        for scores in every_band(source, context):
            guidance = guide(source, Scores(context, False, scores), hidden=HIDDEN)
            if guidance.hides:
                assert addresses(guidance) & HIDDEN == set(), (context, scores)
            assert guidance.hides == (scores["safety"] is not None and scores["safety"] < 85)


def test_what_is_hidden_is_led_to_where_there_is_no_flag() -> None:
    """Or the tests above would hold of anything."""
    for slug in (BOND, PERSON):
        source = SOURCES[slug]
        found = [
            addresses(guide(source, Scores(context, False, scores), hidden=HIDDEN)) & HIDDEN
            for context in source.contexts or ("",)
            for scores in every_band(source, context)
        ]
        assert any(found)


@pytest.mark.parametrize("context", SOURCES[REBUILD].contexts)
@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_gate_leads_to_nothing_hidden(context: str, answer: str) -> None:
    source = SOURCES[REBUILD]
    for calm in (*source.answers_to(source.items[0]), SKIP):
        result = score(source, answers(source, context, (), calm), context, answer)
        guidance = guide(source, result, hidden=HIDDEN, stopped_by=result.stopped_by)
        act = source.safety.act if source.safety and context.startswith("hurt") else ""
        assert (result.flagged, guidance.dimensions, guidance.act) == (True, (), act)
        assert addresses(guidance) & HIDDEN == set()
        assert bool(guidance.reading) == context.startswith("hurt")
