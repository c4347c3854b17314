"""What a text, a colour, an address and a date may be, and the one way each is written down."""

import pytest

from server.domain import text


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("Dig", "Dig"),
        ("  Dig \n", "Dig"),
        ("Dig\nin", "Dig in"),
        ("Dig\r\nin\rdeep", "Dig in deep"),
        ("Dig\u2028in\u2029deep\x85er\vand\ffar", "Dig in deep er and far"),
        ("a\u00a0b\tc", "a\u00a0b\tc"),
        ("👩‍🌾 gräbt", "👩‍🌾 gräbt"),
        ("x" * 200, "x" * 200),
        (" " + "x" * 200 + " ", "x" * 200),
        ("𝔻" * 200, "𝔻" * 200),
    ],
)
def test_a_line_is_trimmed_and_has_no_breaks(given: str, canonical: str) -> None:
    assert text.line(given, text.TITLE_MAX) == canonical


@pytest.mark.parametrize("given", ["", " ", "\n", "\u3000", "\u2028\r\n", "x" * 201, "𝔻" * 201, "a\0b", "\0"])
def test_a_line_is_not_empty_not_too_long_and_without_nul(given: str) -> None:
    with pytest.raises(ValueError, match="must"):
        text.line(given, text.TITLE_MAX)


def test_prose_is_kept_as_it_is() -> None:
    for kept in ("", "  two\n\n lines \r\n", "x" * 50):
        assert text.prose(kept, 50) == kept
    for refused in ("x" * 51, "a\0b"):
        with pytest.raises(ValueError, match="must"):
            text.prose(refused, 50)


@pytest.mark.parametrize(("given", "canonical"), [("RED", "red"), (" gray ", "gray"), ("#A1b2C3", "#a1b2c3")])
def test_a_colour_is_a_name_of_the_palette_or_six_hex_digits(given: str, canonical: str) -> None:
    assert text.color(given) == canonical


@pytest.mark.parametrize(
    "given", ["", "infrared", "#fff", "#12345g", "#1234567", "a1b2c3", "#１２３４５６", "red\n\nblue"]
)
def test_anything_else_is_no_colour(given: str) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        text.color(given)


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("2026-05-12", "2026-05-12"),
        ("2024-02-29", "2024-02-29"),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
        ("2026-05-12T09:30:00Z", "2026-05-12T09:30:00Z"),
        ("2026-05-12T09:30Z", "2026-05-12T09:30:00Z"),
        ("2026-05-12t09:30:00z", "2026-05-12T09:30:00Z"),
        ("2026-05-12 09:30:00+00:00", "2026-05-12T09:30:00Z"),
        ("2026-05-12T09:30:00.999999Z", "2026-05-12T09:30:00Z"),
        ("2026-05-12T09:30:00+02:00", "2026-05-12T07:30:00Z"),
        ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"),
        ("2026-05-12T23:59:59-12:00", "2026-05-13T11:59:59Z"),
    ],
)
def test_a_date_stays_a_day_and_a_time_is_brought_to_utc_and_whole_seconds(given: str, canonical: str) -> None:
    assert text.when(given) == canonical
    assert text.when(canonical) == canonical


@pytest.mark.parametrize(
    "given",
    [
        "",
        "today",
        "2026-02-30",
        "2025-02-29",
        "2026-13-01",
        "0000-01-01",
        "10000-01-01",
        "2026-5-12",
        "20260512",
        "2026-W05-1",
        "2026-W05-1T09:30Z",
        "２０２６-05-12",
        "2026-05-12T",
        "2026-05-12T09:30:00",
        "2026-05-12T25:00:00Z",
        "2026-05-12T09:60:00Z",
        "2026-05-12T09:30:60Z",
        "2026-05-12T09:30:00+25:00",
        "20260512T093000Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        " 2026-05-12",
        "2026-05-12\n",
        "2026-05-12\0",
    ],
)
def test_a_day_that_does_not_exist_and_a_time_without_zone_are_refused(given: str) -> None:
    with pytest.raises(ValueError, match="must be a date"):
        text.when(given)


def test_canonical_dates_sort_like_the_moments_they_name() -> None:
    moments = ["2026-05-12T09:30:00+02:00", "2026-05-12T08:00:00Z", "2026-05-12T01:00:00-09:00", "2025-12-31"]
    canonical = [text.when(moment) for moment in moments]
    assert sorted(canonical) == [
        "2025-12-31",
        "2026-05-12T07:30:00Z",
        "2026-05-12T08:00:00Z",
        "2026-05-12T10:00:00Z",
    ]


def test_an_address_has_an_at_sign() -> None:
    assert text.address(" Ann@example.org ") == "Ann@example.org"
    for refused in ("", "ann", "a\0@b", "x" * 320 + "@b"):
        with pytest.raises(ValueError, match="must"):
            text.address(refused)
