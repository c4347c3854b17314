"""Files are streamed into a folder and out again; nothing is left of one that did not arrive whole."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from server.domain.errors import NotFound, Unavailable
from server.storage.files import PART_BYTES, Files


async def pieces(*each: bytes, failure: Exception | None = None) -> AsyncIterator[bytes]:
    for piece in each:
        yield piece
    if failure is not None:
        raise failure


async def content(files: Files, key: str) -> bytes:
    return b"".join([piece async for piece in files.get(key)])


def there(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_a_file_of_any_size_comes_out_as_it_went_in(tmp_path: Path) -> None:
    files = Files((tmp_path / "a folder").as_uri())
    large = b"x" * PART_BYTES + b"y" * 1_000
    for key, whole in (("imports/empty", b""), ("imports/small", b"beans"), ("imports/large", large)):
        assert await files.put(key, pieces(whole[:7], whole[7:])) == len(whole)
        assert await content(files, key) == whole
    await files.delete("imports/small")
    await files.delete("imports/small")
    with pytest.raises(NotFound):
        await content(files, "imports/small")
    assert there(tmp_path / "a folder") == ["imports/empty", "imports/large"]


async def test_nobody_else_may_look_into_the_folder(tmp_path: Path) -> None:
    await Files((tmp_path / "files").as_uri()).put("imports/a", pieces(b"beans"))
    assert (tmp_path / "files").stat().st_mode & 0o077 == 0


async def test_a_file_that_did_not_arrive_whole_is_not_there(tmp_path: Path) -> None:
    files = Files(tmp_path.as_uri())
    with pytest.raises(ZeroDivisionError):
        await files.put("imports/a", pieces(b"x" * PART_BYTES, b"y", failure=ZeroDivisionError()))
    assert there(tmp_path) == []


async def test_what_is_old_goes_and_what_is_elsewhere_stays(tmp_path: Path) -> None:
    files = Files(tmp_path.as_uri())
    assert await files.purge("imports", timedelta(0)) == 0
    for key in ("imports/a", "imports/b", "pictures/c"):
        await files.put(key, pieces(b"beans"))
    assert await files.purge("imports", timedelta(days=1)) == 0
    assert await files.purge("imports", timedelta(0)) == 2
    assert there(tmp_path) == ["pictures/c"]


async def test_a_store_that_does_not_answer_is_a_refusal_and_stops_no_process(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    files = Files((tmp_path / "file" / "below").as_uri())  # which no folder can be
    with pytest.raises(Unavailable):
        await files.put("imports/a", pieces(b"beans"))
    with pytest.raises(Unavailable):
        await content(files, "imports/a")
    with pytest.raises(Unavailable):
        await files.purge("imports", timedelta(0))
