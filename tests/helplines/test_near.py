import pytest

from helplines.near import country, nearest


@pytest.mark.parametrize(
    "accept_language, expected",
    [
        ("", ""),
        ("*", ""),
        ("en", ""),
        ("en-US,en;q=0.9", "United States"),
        ("en-GB", "United Kingdom"),
        ("de-DE,de;q=0.9,en-US;q=0.8", "European Union"),
        ("fr, en-ca;q=0.5", "Canada"),
        ("hi-IN", "India"),
        ("xx-YY,\0;;,", ""),
        ("x" * 5000, ""),
    ],
)
def test_country_of_the_browser_s_languages(accept_language: str, expected: str) -> None:
    assert country(accept_language) == expected


def test_own_country_comes_after_what_holds_everywhere() -> None:
    countries = [("Immediate danger", 1), ("United States", 2), ("Canada", 3), ("India", 4)]
    assert nearest(countries, "en-CA") == [countries[0], countries[2], countries[1], countries[3]]
    assert nearest(countries, "en") == countries


def test_directory_comes_first_where_the_own_country_has_no_line() -> None:
    countries = [("Immediate danger", 1), ("United States", 2), ("Elsewhere", 3)]
    assert nearest(countries, "en-CA") == [countries[0], countries[2], countries[1]]
    assert nearest(countries, "en") == nearest(countries, "en-US") == countries
