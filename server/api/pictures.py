"""Pictures that people send, made anew: small, square, of one format, without what a camera wrote into them. Not here: who may send one."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError

from server.domain.errors import Invalid, Overloaded

MEDIA_TYPE = "image/webp"
ACCEPTED = ("image/png", "image/jpeg", "image/webp", "image/gif")
BYTES_MAX = 4 * 1024 * 1024
PIXELS_MAX = 40_000_000
"""A file of a few kilobytes may unfold to gigabytes."""

SIDE = 256
WAITING_MAX = 16
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def address(avatar_id: UUID | None) -> str | None:
    """The path at which a picture is found, by whoever was told it."""
    return None if avatar_id is None else f"/v1/avatars/{avatar_id}"


class Pictures:
    """Works in a thread of its own, one picture at a time."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="picture")
        self._waiting = 0

    async def square(self, image: bytes) -> bytes:
        """The middle of the picture as a small WebP. Raises `Invalid` for what is no picture or too large a one, `Overloaded`."""
        if self._waiting >= WAITING_MAX:
            raise Overloaded("Too many pictures are waiting.", retry_ms=2000)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, _square, image)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)


def _square(image: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(image), formats=FORMATS) as opened:
            if opened.width * opened.height > PIXELS_MAX:
                raise Invalid("This picture has too many pixels.")
            opened.draft("RGB", (SIDE * 2, SIDE * 2))
            upright = ImageOps.exif_transpose(opened)
            fitted = ImageOps.fit(upright.convert("RGBA"), (SIDE, SIDE))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise Invalid("This is not a picture that can be read.") from None
    made = io.BytesIO()
    fitted.save(made, "WEBP", quality=85)
    return made.getvalue()
