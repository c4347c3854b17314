"""JSON as others write it is read; what is wrong with it is said with its place."""

import msgspec
import pytest

from server.domain.errors import Invalid
from server.formats import foreign


def decoded(content: bytes) -> object:
    return msgspec.json.decode(foreign.document(content))


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (rb'["a\ud83d", "\ude00b", "\ud83d\ude00", "\\ud83d"]', ["a\ufffd", "\ufffdb", "😀", r"\ud83d"]),
        (b'[NaN, -Infinity, {"a": Infinity}, "NaN, \\" NaN"]', [None, None, {"a": None}, 'NaN, " NaN']),
        ("\ufeff[1]".encode(), [1]),
        ('["ü"]'.encode("utf-16"), ["ü"]),
    ],
)
def test_what_others_write_is_read(content: bytes, value: object) -> None:
    assert decoded(content) == value


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"a": 1,\n "b": x}', "line 2, column 7"),
        (b'{"a": [1', "ends in the middle"),
        (b'"\xff"', "not text in UTF-8"),
        ("ü".encode()[:1], "not text in UTF-8"),
        (b"\xff\xfea", "not text in UTF-8"),
        (b"[" * 200_000, "not JSON that can be read"),
    ],
)
def test_what_is_not_json_is_refused_with_its_place(content: bytes, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        decoded(content)
    assert says in refused.value.message
