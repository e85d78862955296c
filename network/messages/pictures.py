"""Pictures written anew: the same dots, and nothing of what a camera or its owner put beside them. Pure."""

import io
import warnings

from PIL import Image, ImageOps

from network.messages.sniffing import Kind

SIDE_MAX = 16_000
"""Pixels of one side; what WebP and JPEG can hold, and more than any camera makes."""
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, EOFError, OverflowError, MemoryError)


class Unreadable(Exception):
    """Not a picture of that kind after all, or larger than we look at."""


def rewritten(content: bytes, kind: Kind, *, pixels_max: int) -> bytes:
    """The first frame, turned as it was meant to be seen, without metadata or profile. Raises `Unreadable`.

    The size is read from the head before anything is unpacked: a small file that would fill the memory is refused.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[kind.picture]) as picture:
                width, height = picture.size
                if width * height > pixels_max or max(width, height) > SIDE_MAX:
                    raise Unreadable
                return _written(ImageOps.exif_transpose(picture), kind)
    except (*_BROKEN, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable from None


def _written(picture: Image.Image, kind: Kind) -> bytes:
    clear = kind.picture != "JPEG" and picture.has_transparency_data
    plain = picture.convert("RGBA" if clear else "RGB")
    bare = Image.frombytes(plain.mode, plain.size, plain.tobytes())  # dots alone: no info goes along
    out = io.BytesIO()
    bare.save(out, kind.picture, **({} if kind.picture == "PNG" else {"quality": 90}))
    return out.getvalue()
