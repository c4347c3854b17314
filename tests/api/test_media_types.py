"""What a file is by its first bytes. What is done with it: test_attachments."""

import pytest

from server.api.media_types import ALL, HEAD_BYTES, TEXT, UNKNOWN, sniffed


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\0\0\0\0AVI LIST", UNKNOWN),
        (b"\0\0\0 ftypisom", "video/mp4"),
        (b"PK\x03\x04" + bytes(20), "application/zip"),
        (b"MZ\x90\0", UNKNOWN),
        (b"\xff\xfe\x41\0", UNKNOWN),
        (b"plain", TEXT),
        (b"<!doctype html><script>", TEXT),
        (("x" + "ü" * HEAD_BYTES).encode()[:HEAD_BYTES], TEXT),
        (b"", TEXT),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, media_type: str) -> None:
    assert sniffed(head) == media_type
    assert media_type.partition(";")[0] in ALL


def test_nothing_that_a_browser_would_run_is_ever_told() -> None:
    assert not [each for each in ALL if "html" in each or "xml" in each or "svg" in each or "script" in each]
