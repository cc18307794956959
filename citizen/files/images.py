"""Photos: turned upright, made smaller, written anew without what the camera knew (place, time, owner)."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from citizen.files import rules
from citizen.files.inspection import Refused

FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True)
class Picture:
    """A WebP picture and its thumbnail; width and height in pixels."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int


def cleaned(content: bytes) -> Picture:
    """The picture to keep; Refused when it cannot be read or has too many pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the next lines judge, more strictly
            image = Image.open(io.BytesIO(content), formats=FORMATS)
        with image:
            if image.width * image.height > rules.MAX_PIXELS:
                raise Refused(rules.TOO_MANY_PIXELS)
            return _written(image)
    except Image.DecompressionBombError:
        raise Refused(rules.TOO_MANY_PIXELS) from None
    except (OSError, SyntaxError, ValueError, TypeError, ZeroDivisionError, IndexError, KeyError):
        raise Refused(rules.DAMAGED) from None


def _written(image: Image.Image) -> Picture:
    image.draft("RGB", (rules.MAX_SIDE, rules.MAX_SIDE))  # a JPEG is read at half or a quarter: less memory
    upright = ImageOps.exif_transpose(image)
    upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    upright.thumbnail((rules.MAX_SIDE, rules.MAX_SIDE))
    small = upright.copy()
    small.thumbnail((rules.MAX_THUMBNAIL_SIDE, rules.MAX_THUMBNAIL_SIDE))
    return Picture(_webp(upright, 82), _webp(small, 75), upright.width, upright.height)


def _webp(image: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    image.save(written, "WEBP", quality=quality, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return written.getvalue()
