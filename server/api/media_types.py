"""What a file's first bytes say it is: the types that browsers can show, and nothing that they would run. Not here: what anybody claims."""

import codecs
import re
from typing import NamedTuple

HEAD_BYTES = 4096
"""As much of a file is looked at."""

TEXT = "text/plain; charset=utf-8"
UNKNOWN = "application/octet-stream"


class _Magic(NamedTuple):
    """Bytes at the beginning, and further ones from `at` on."""

    media_type: str
    begins: bytes
    at: int = 0
    then: bytes = b""


_MAGIC = (
    _Magic("image/png", b"\x89PNG\r\n\x1a\n"),
    _Magic("image/jpeg", b"\xff\xd8\xff"),
    _Magic("image/gif", b"GIF87a"),
    _Magic("image/gif", b"GIF89a"),
    _Magic("image/webp", b"RIFF", 8, b"WEBP"),
    _Magic("image/avif", b"", 4, b"ftypavif"),
    _Magic("application/pdf", b"%PDF-"),
    _Magic("application/zip", b"PK\x03\x04"),
    _Magic("audio/wav", b"RIFF", 8, b"WAVE"),
    _Magic("audio/flac", b"fLaC"),
    _Magic("audio/ogg", b"OggS", 28, b"OpusHead"),
    _Magic("audio/ogg", b"OggS", 28, b"\x01vorbis"),
    _Magic("audio/mpeg", b"ID3"),
    _Magic("audio/mpeg", b"\xff\xfb"),
    _Magic("audio/mp4", b"", 4, b"ftypM4A"),
    _Magic("video/mp4", b"", 4, b"ftypisom"),
    _Magic("video/mp4", b"", 4, b"ftypiso2"),
    _Magic("video/mp4", b"", 4, b"ftypmp4"),
    _Magic("video/mp4", b"", 4, b"ftypavc1"),
    _Magic("video/mp4", b"", 4, b"ftypM4V"),
    _Magic("video/quicktime", b"", 4, b"ftypqt"),
    _Magic("video/webm", b"\x1a\x45\xdf\xa3"),
)

_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

ALL = tuple(dict.fromkeys((*(magic.media_type for magic in _MAGIC), "text/plain", UNKNOWN)))
"""Every type that a file may be said to have, without parameters."""


def sniffed(head: bytes) -> str:
    """The type of a file that begins with `head`. HTML and SVG are text, as is all that reads as UTF-8."""
    for magic in _MAGIC:
        if head.startswith(magic.begins) and head.startswith(magic.then, magic.at):
            return magic.media_type
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return UNKNOWN
    return UNKNOWN if _NO_TEXT.search(text) else TEXT
