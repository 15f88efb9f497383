import copy
import io
import mimetypes
import os
import re
import struct
import time
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from articles import markdown
from articles.kinds import drawing
from publishing import links
from tests import authoring
from tests.factories import lesson_source

PREVIEW, UPLOAD = "/admin/markdown/preview/", "/admin/markdown/upload/"
SECTIONS = "/admin/sections/"
UNREADABLE = "This is not a PNG, JPEG or WebP picture that can be read."
SECRET = b"GPS 52.5200 N, 13.4050 E"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path, course: None) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def editing(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def picture(*, kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (8, 6), **options: Any) -> bytes:
    out = io.BytesIO()
    image = Image.new(mode, size)
    if mode == "P":
        image.putpalette([0, 0, 0, 255, 0, 0])
    image.putpixel((1, 1), 1 if len(image.getbands()) == 1 else tuple([200] * len(image.getbands())))
    image.save(out, kind, **options)
    return out.getvalue()


def with_metadata(kind: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    return picture(kind=kind, exif=exif, comment=SECRET, icc_profile=SECRET, xmp=SECRET)


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that is small but says that it is large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + rows + chunk(b"IEND", b"")


def send(client: Client, data: bytes, name: str = "picture.png") -> Any:
    return client.post(UPLOAD, {"image": SimpleUploadedFile(name, data)})


def stored(response: Any) -> str:
    assert (response.status_code, list(response.json())) == (200, ["image_code"])
    match = re.fullmatch(r"!\[Say what the picture shows\]\((/media/\S+)\)", response.json()["image_code"])
    assert match
    return match[1]


@pytest.mark.parametrize("path", [PREVIEW, UPLOAD])
def test_editor_pages_are_for_editors_alone(client: Client, editor: User, path: str) -> None:
    anonymous = client.post(path)
    said = "You were logged out. Your text is safe: press Save and log in."
    assert (anonymous.status_code, anonymous.content.decode()) == (403, said)
    client.force_login(User.objects.create_user("plain"))
    assert client.post(path).status_code == 403
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert client.post(path).status_code == 403
    client.force_login(editor)
    assert client.post(path).status_code == {PREVIEW: 200, UPLOAD: 400}[path]


@pytest.mark.parametrize("path", [PREVIEW, UPLOAD])
def test_editor_pages_answer_to_post_alone(editing: Client, path: str) -> None:
    for method in (editing.get, editing.head, editing.put):
        response = method(path)
        assert (response.status_code, response["Allow"]) == (405, "POST")


@pytest.mark.parametrize("path", [PREVIEW, UPLOAD])
def test_editor_pages_need_a_token(editor: User, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(path).status_code == 403


def test_preview_is_what_readers_will_get(editing: Client) -> None:
    text = (
        "[Blocks](what-trust-is#the-building-blocks) <script>alert(1)</script>\n\n![Map](/static/figures/trust-map.svg)"
    )
    html = editing.post(PREVIEW, {"content": text}).content.decode()
    known = links.offered({"section:what-trust-is#the-building-blocks"})
    assert html == markdown.render(text, lambda address: known.get(f"section:{address}"), drawing)
    assert html.startswith('<p><a href="/formation/what-trust-is/#the-building-blocks">Blocks</a> &lt;script&gt;')
    assert html.count("<svg ") == 1


def test_preview_of_nothing(editing: Client) -> None:
    assert editing.post(PREVIEW).content == b""


@pytest.mark.parametrize(
    "kind, extension, content_type",
    [("PNG", "png", "image/png"), ("JPEG", "jpg", "image/jpeg"), ("WEBP", "webp", "image/webp")],
)
def test_picture_is_written_anew_and_served_in_a_sandbox(
    editing: Client, media: Path, kind: str, extension: str, content_type: str
) -> None:
    sent = with_metadata(kind)
    assert SECRET in sent
    address = stored(send(editing, sent, "../../holiday <b>.html.exe"))
    assert re.fullmatch(rf"/media/pictures/[0-9a-f]{{32}}\.{extension}", address)
    kept = (media / address.removeprefix("/media/")).read_bytes()
    assert kept != sent
    assert SECRET not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.size, dict(image.getexif())) == (kind, (8, 6), {})
        assert {"exif", "comment", "icc_profile", "xmp"} & set(image.info) == set()
    response = Client().get(address)
    assert b"".join(response) == kept  # type: ignore[arg-type]
    assert {
        name: response[name]
        for name in (
            "Content-Type",
            "X-Content-Type-Options",
            "Content-Security-Policy",
            "Cross-Origin-Resource-Policy",
        )
    } == {
        "Content-Type": content_type,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies


def test_picture_keeps_its_pixels(editing: Client, media: Path) -> None:
    see_through: list[tuple[str, Any]] = [("P", 1), ("L", 200), ("RGB", (200, 200, 200))]
    sent_pictures = [picture(mode=mode) for mode in ("1", "L", "LA", "RGB", "RGBA", "P")]
    for sent in [*sent_pictures, *(picture(mode=mode, transparency=color) for mode, color in see_through)]:
        kept = (media / stored(send(editing, sent)).removeprefix("/media/")).read_bytes()
        with Image.open(io.BytesIO(sent)) as before, Image.open(io.BytesIO(kept)) as after:
            assert before.convert("RGBA").tobytes() == after.convert("RGBA").tobytes()


def test_see_through_color_of_a_palette_stays_see_through(editing: Client, media: Path) -> None:
    kept = media / stored(send(editing, picture(mode="P", transparency=1))).removeprefix("/media/")
    with Image.open(kept) as image:
        assert [image.convert("RGBA").getpixel(place)[3] for place in ((0, 0), (1, 1))] == [255, 0]  # type: ignore[index]


def test_picture_of_a_phone_that_holds_two_is_kept_as_its_first(editing: Client, media: Path) -> None:
    sent = picture(kind="MPO", save_all=True, append_images=[Image.new("RGB", (8, 6), "red")])
    with Image.open(io.BytesIO(sent)) as image:
        assert (image.format, image.n_frames) == ("MPO", 2)  # type: ignore[attr-defined]
    address = stored(send(editing, sent, "a.jpg"))
    assert address.endswith(".jpg")
    with Image.open(media / address.removeprefix("/media/")) as image:
        assert (image.format, image.size) == ("JPEG", (8, 6))
        assert image.convert("L").getpixel((7, 5)) < 30  # type: ignore[operator]  # the first is black, the second red


def test_picture_taken_sideways_stands_upright(editing: Client, media: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    address = stored(send(editing, picture(kind="JPEG", size=(10, 20), exif=exif)))
    with Image.open(media / address.removeprefix("/media/")) as image:
        assert image.size == (20, 10)


def test_text_hidden_in_a_picture_is_gone(editing: Client, media: Path) -> None:
    sent = picture() + b"<script>alert(1)</script>"
    kept = (media / stored(send(editing, sent)).removeprefix("/media/")).read_bytes()
    assert b"script" not in kept


def test_picture_is_named_by_what_it_shows(editing: Client, media: Path) -> None:
    """The same twice is one file, whatever it was called and whatever else it said."""
    first = stored(send(editing, picture()))
    assert stored(send(editing, picture() + SECRET, "other.png")) == first
    assert stored(send(editing, picture(size=(6, 8)))) != first
    assert stored(send(editing, picture(kind="WEBP", lossless=True))) != first
    assert len(list(media.rglob("*.*"))) == 3


def test_picture_that_is_sent_again_is_young_again(editing: Client, media: Path) -> None:
    """It is in a text that is being written, so it does not go with those that nobody uses."""
    kept = media / stored(send(editing, picture())).removeprefix("/media/")
    os.utime(kept, (0, 0))
    send(editing, picture())
    assert time.time() - kept.stat().st_mtime < 60


def test_stored_picture_can_be_used_in_a_text(editing: Client) -> None:
    address = stored(send(editing, picture()))
    assert markdown.look(f"![A key]({address})").problems == ()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "name, data, error",
    [
        ("a.svg", SVG, UNREADABLE),
        ("a.png", SVG, UNREADABLE),
        ("a.png", b"<!doctype html><script>alert(1)</script>", UNREADABLE),
        ("a.png", b"", UNREADABLE),
        ("a.png", b"\x89PNG\r\n\x1a\n", UNREADABLE),
        ("a.png", picture(size=(400, 400), compress_level=0)[:1000], UNREADABLE),
        ("a.jpg", picture(kind="JPEG", size=(200, 200))[:400], UNREADABLE),
        ("a.webp", picture(kind="WEBP")[:30], UNREADABLE),
        ("a.png", picture(kind="GIF"), UNREADABLE),
        ("a.png", picture(kind="BMP"), UNREADABLE),
        ("a.png", picture(kind="TIFF"), UNREADABLE),
        ("a.png", b"%!PS-Adobe-3.0 EPSF-3.0\n", UNREADABLE),
        ("a.png", png_of_size(0, 10), UNREADABLE),
        ("a.png", png_of_size(5001, 5000), "The picture has more than 25 million pixels; make it smaller."),
        ("a.png", png_of_size(50_000, 50_000), UNREADABLE),
    ],
    ids=[
        "svg",
        "svg named png",
        "html named png",
        "empty",
        "signature only",
        "cut png",
        "cut jpeg",
        "cut webp",
        "gif",
        "bmp",
        "tiff",
        "eps",
        "no width",
        "too many pixels",
        "far too many pixels",
    ],
)
def test_file_that_is_no_usable_picture(editing: Client, media: Path, name: str, data: bytes, error: str) -> None:
    response = send(editing, data, name)
    assert (response.status_code, response.json()) == (400, {"error": error})
    assert list(media.rglob("*")) == []


def test_picture_larger_than_the_limit(editing: Client, media: Path, settings: Any) -> None:
    data = picture()
    settings.UPLOAD_MAX_BYTES = len(data) - 1
    response = send(editing, data)
    assert (response.status_code, response.json()) == (
        400,
        {"error": "The picture is larger than 0 MB; make it smaller."},
    )
    settings.UPLOAD_MAX_BYTES = len(data)
    assert send(editing, data).status_code == 200


def test_limits_of_a_picture(settings: Any) -> None:
    assert (settings.UPLOAD_MAX_BYTES, settings.UPLOAD_MAX_PIXELS) == (5 * 1024 * 1024, 25_000_000)


@pytest.mark.parametrize("form", [{}, {"image": "text"}, {"picture": SimpleUploadedFile("a.png", b"x")}])
def test_upload_without_a_file(editing: Client, form: dict[str, Any]) -> None:
    response = editing.post(UPLOAD, form)
    assert (response.status_code, response.json()) == (400, {"error": "Choose a picture to upload."})


@pytest.mark.parametrize(
    "path, status",
    [
        ("/media/pictures/none.png", 404),
        ("/media/pictures/", 404),
        ("/media/note.txt", 404),
        ("/media/page.html", 404),
        ("/media/drawing.svg", 404),
        ("/media/folder.png", 404),
        ("/media/a%00.png", 404),
        (f"/media/{'a' * 300}.png", 404),
        ("/media/../secret.png", 400),
        ("/media/%2e%2e/secret.png", 400),
        ("/media//etc/passwd", 404),
        ("/media//etc/secret.png", 400),
    ],
)
def test_what_media_does_not_serve(client: Client, settings: Any, media: Path, path: str, status: int) -> None:
    settings.MEDIA_ROOT = media / "media"
    (media / "media" / "folder.png").mkdir(parents=True)
    (media / "secret.png").write_bytes(picture())
    for name in ("note.txt", "page.html", "drawing.svg"):
        (media / "media" / name).write_bytes(SVG)
    assert client.get(path).status_code == status


def test_webp_is_served_on_a_machine_without_a_table_of_types(
    client: Client, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The view reads no row, but the end of a streamed answer asks each open connection whether it is still good."""
    (media / "a.webp").write_bytes(b"x")
    monkeypatch.setattr(mimetypes, "knownfiles", [])
    monkeypatch.setattr(mimetypes, "_db", None)
    monkeypatch.setattr(mimetypes, "inited", False)
    response = client.get("/media/a.webp")
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    response.close()


def test_media_is_only_for_reading(editing: Client) -> None:
    address = stored(send(editing, picture()))
    assert editing.post(address).status_code == 405


def test_markdownx_own_addresses_do_not_exist(editing: Client, media: Path, settings: Any) -> None:
    """They accept anonymous uploads and keep the client's file extension."""
    for name in ("upload", "markdownify"):
        assert editing.get(f"/markdownx/{name}/").status_code == 404
        form = {"image": SimpleUploadedFile("a.svg", SVG), "content": "x"}
        assert editing.post(f"/markdownx/{name}/", form).status_code == 405
    assert list(media.rglob("*")) == []
    assert (settings.MARKDOWNX_URLS_PATH, settings.MARKDOWNX_UPLOAD_URLS_PATH) == (PREVIEW, UPLOAD)
    assert settings.MARKDOWNX_MARKDOWNIFY_FUNCTION == "articles.markdown.render"


# Sections to lead to


def found(client: Client, asked: str) -> list[str]:
    return [address for address, _ in client.get(SECTIONS, {"q": asked}).json()["sections"]]


def test_sections_are_found_by_every_word(editing: Client) -> None:
    assert found(editing, "what-trust-is#trust-has-limits") == ["what-trust-is#trust-has-limits"]
    assert found(editing, "LIMITS trust what is") == ["what-trust-is#trust-has-limits"]
    assert found(editing, "xylophone") == []
    assert len(found(editing, "")) == 20


def test_sections_are_those_that_readers_can_open(editing: Client) -> None:
    draft = authoring.put("lesson", lesson_source())
    assert found(editing, "spare-key") == []
    authoring.publish(draft)
    assert editing.get(SECTIONS, {"q": "spare-key"}).json() == {
        "sections": [["a-spare-key#a-key", "A key changes hands - A spare key"]]
    }


def test_sections_are_for_editors_alone(client: Client) -> None:
    assert client.get(SECTIONS).status_code == 403
    client.force_login(User.objects.create_user("plain"))
    assert client.get(SECTIONS).status_code == 403


# What a field can lead to, and what nothing leads to


@pytest.mark.parametrize(
    "of, asked, found",
    [
        ("part", "", ["formation", "loss", "who-not-to-trust", "rebuilding"]),
        ("part", "lost", ["loss"]),
        ("quiz", "how-i-trust", ["how-i-trust"]),
        ("quiz", "nothing like this", []),
        ("section", "working definition", ["what-trust-is#a-working-definition"]),
        ("\0", "working definition", ["what-trust-is#a-working-definition"]),
        ("user", "zzz", []),
    ],
)
def test_what_a_field_leads_to_is_found_by_its_words(editing: Client, of: str, asked: str, found: list[str]) -> None:
    listed = editing.get(SECTIONS, {"q": asked, "of": of}).json()["sections"]
    assert [address for address, _ in listed] == found


def test_sections_that_no_quiz_leads_to_are_listed(editing: Client) -> None:
    assert "Some quiz leads to every section that readers see." in editing.get("/admin/unsought/").content.decode()
    lesson = authoring.publish_value("lesson", lesson_source()).draft
    html = editing.get("/admin/unsought/").content.decode()
    assert re.findall(r'<a href="([^"]+#id-sections-\d)">([^<]+)</a>', html) == [
        (f"/admin/articles/lesson/{lesson.pk}/change/#id-sections-0", "A key changes hands")
    ]
    quiz = authoring.draft("quiz", "how-i-trust")
    document = copy.deepcopy(quiz.document)
    document["dimensions"][0]["bands"][0]["links"][0]["to"] = "a-spare-key#a-key"
    authoring.change(quiz, **document)
    assert "A key changes hands" in editing.get("/admin/unsought/").content.decode()  # readers see no draft
    authoring.publish(quiz)
    assert "A key changes hands" not in editing.get("/admin/unsought/").content.decode()
