"""A new kind of content is a value class, its rules, a proxy of Draft and one Kind; and a new field is one line."""

import types
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client
from django.urls import clear_url_caches, include, path

import trustsite.urls
from publishing import content
from publishing.admin import KindAdmin
from publishing.files import OneEach
from publishing.kind import KINDS, Kind
from publishing.leaves import Key, Line, Lines, Whole
from publishing.models import Draft, Version
from publishing.shape import Problem, document, read
from publishing.views import admin_url
from quizzes.source import QuizSource
from tests.authoring import draft, value
from tests.factories import content_files, write_folder
from tests.publishing.controls import controls, unchanged
from tests.publishing.pages import act, changes, edit, form_of, problems, send

# ---- all that a new kind needs


@dataclass(frozen=True, kw_only=True)
class GameSource:
    slug: Annotated[str, Key("Address", placed=True)]
    title: Annotated[str, Line("Title", 40)]
    players: Annotated[int, Whole("Players", 1, 9)]
    rules: Annotated[tuple[str, ...], Lines("Rules of the game")] = ()


def broken(game: GameSource) -> Iterator[Problem]:
    if len(game.rules) > game.players:
        yield ("rules",), "More rules than players; shorten them"


GAME = Kind(
    name="game",
    value=GameSource,
    filing=OneEach("games"),
    targets=lambda game: {f"game:{game.slug}": f"/games/{game.slug}/"},
    offers=("game",),
    broken=broken,
)
FILE = "title: Catch\nplayers: 2\nrules:\n- Hold my hand.\n"

# ---- and here it is used


@pytest.fixture
def games(course: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Kind]:
    class Game(Draft):
        KIND = "game"

        class Meta:
            proxy = True
            app_label = "publishing"

    kind = replace(GAME, model=Game)
    monkeypatch.setitem(KINDS, "game", kind)
    admin.site.register(Game, KindAdmin)
    urls = types.ModuleType("urls_with_games")
    urls.urlpatterns = [path("admin/", admin.site.urls), path("", include(trustsite.urls))]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = urls
    yield kind
    admin.site.unregister(Game)
    del apps.all_models["publishing"]["game"]
    apps.clear_cache()
    ContentType.objects.clear_cache()
    clear_url_caches()


def live() -> list[tuple[str, int]]:
    return list(Version.objects.live(kind="game").values_list("title", "number"))


def test_new_kind_has_files(games: Kind, tmp_path: Path, nothing: None) -> None:
    write_folder(tmp_path / "in", {**content_files(), "games/catch.yaml": FILE})
    found = content.read(tmp_path / "in")
    assert (found.problems, found.values("game")) == (
        [],
        [GameSource(slug="catch", title="Catch", players=2, rules=("Hold my hand.",))],
    )
    call_command("load_content", str(tmp_path / "in"))
    assert live() == [("Catch", 1)]
    assert content.load(found) == []
    call_command("dump_content", str(tmp_path / "out"))
    assert (tmp_path / "out/games/catch.yaml").read_text() == FILE


def test_file_of_a_new_kind_is_judged_at_its_lines(games: Kind, tmp_path: Path) -> None:
    write_folder(
        tmp_path, {**content_files(), "games/catch.yaml": FILE + "- Run.\n- Stop.\n", "games/a.yaml": "x: 1\n"}
    )
    assert [str(each) for each in content.read(tmp_path).problems] == [
        "games/a.yaml:1: Players is missing",
        "games/a.yaml:1: Title is missing",
        "games/a.yaml:1: unknown key 'x'",
        "games/catch.yaml:3: More rules than players; shorten them",
    ]


def test_new_kind_has_draft_publishing_and_history(games: Kind, admin_client: Client) -> None:
    new = "/admin/publishing/game/add/"
    data = unchanged(admin_client.get(new).content.decode())
    data["title"] = "Catch"
    assert admin_client.post(new, data.dict()).status_code == 302
    game = Draft.objects.get(kind="game")
    assert problems(admin_client.get(admin_url(game))) == ["Address is missing", "Players is missing"]
    edit(admin_client, game, slug="catch", players="1", rules="Run.\r\nStop.")
    assert problems(admin_client.get(admin_url(game))) == ["Rules of the game: More rules than players; shorten them"]
    assert (act(admin_client, game, "publish").status_code, live()) == (422, [])
    edit(admin_client, game, players="2")
    assert (act(admin_client, game, "publish").status_code, live()) == (302, [("Catch", 1)])
    edit(admin_client, game, title="Catch me")
    assert changes(admin_client.get(admin_url(game, "publish")))[0][0] == "Title"
    assert (act(admin_client, game, "publish").status_code, live()) == (302, [("Catch me", 2)])
    assert admin_client.post(admin_url(game, "versions") + "1/").status_code == 302
    assert (value(game).title, game.saves.count()) == ("Catch", 5)
    assert admin_client.get("/admin/publishing/game/?q=Run").content.decode().count("version 2, draft differs") == 1
    assert (act(admin_client, game, "withdraw").status_code, live()) == (302, [])


# ---- a new field of a quiz is one declaration


@dataclass(frozen=True, kw_only=True)
class LongerQuiz(QuizSource):
    mood: Annotated[str, Line("Mood", 30, help="How takers feel.")] = ""


@pytest.fixture
def longer(monkeypatch: pytest.MonkeyPatch) -> Kind:
    kind = replace(KINDS["quiz"], value=LongerQuiz)
    monkeypatch.setitem(KINDS, "quiz", kind)
    return kind


def test_new_field_of_a_quiz_is_in_its_file_and_document(longer: Kind, shipped: Any) -> None:
    said = {**document(shipped.quizzes[0]), "mood": "calm"}
    quiz, found = read(LongerQuiz, said)
    assert (found, quiz.mood, document(quiz)) == ([], "calm", said)
    files = longer.filing.write([quiz], {})
    path, text = next(iter(files.items()))
    assert text.endswith("\nmood: calm\n")
    assert [each.value(LongerQuiz) for each in longer.filing.read(LongerQuiz, text, path)] == [quiz]
    filed = longer.filing.read(LongerQuiz, text.replace("mood: calm", f"mood: {'x' * 31}"), path)[0]
    filed.value(LongerQuiz)
    assert [str(each) for each in filed.problems] == [
        f"{path}:{len(text.splitlines())}: Mood has 31 characters; 30 is the most"
    ]


def test_new_field_of_a_quiz_is_in_its_form_and_history(longer: Kind, course: None, editing: Client) -> None:
    quiz = draft("quiz", "how-i-trust")
    html = editing.get(admin_url(quiz)).content.decode()
    assert dict(controls(html).sent)["mood"] == ""
    assert ('for="id-mood">Mood<' in html, "How takers feel." in html) == (True, True)
    send(editing, quiz, form_of(editing, quiz), mood="x" * 31)
    assert problems(editing.get(admin_url(quiz))) == ["Mood has 31 characters; 30 is the most"]
    edit(editing, quiz, mood="calm")
    assert changes(editing.get(admin_url(quiz, "publish"))) == [("Mood", "", "calm")]
    assert act(editing, quiz, "publish").status_code == 302
    assert Version.objects.live(pk=quiz.pk).get().document["mood"] == "calm"


def test_version_from_before_the_field_can_still_be_read(longer: Kind, course: None) -> None:
    assert longer.value_of(draft("quiz", "how-i-trust").versions.get().document).mood == ""
