"""What a file is, by its content; and pictures written anew, without what they tell of their maker."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from network.messages import files, pictures, sniffing
from network.messages.files import FileNotTaken, FileTooLarge, Given

PDF = b"%PDF-1.7\n1 0 obj\n"


def picture(format_: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, format_, **more)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def huge_png(width: int, height: int) -> bytes:
    """A head that claims many dots, and next to no body."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def with_place() -> bytes:
    """As a telephone makes it: turned, with camera, place and a comment."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SecretPhone"
    exif.get_ifd(0x8825)[1] = "N-of-the-canal"
    return picture("JPEG", exif=exif, comment=b"secret comment", icc_profile=b"secret profile")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("PNG"), sniffing.PNG),
        (picture("JPEG"), sniffing.JPEG),
        (picture("WEBP"), sniffing.WEBP),
        (PDF, sniffing.PDF),
        ("Grüße,\nfrom the canal".encode(), sniffing.TEXT),
        (b"a;b\r\n1;2\r\n", sniffing.TEXT),
    ],
)
def test_a_kind_is_known_by_its_content(content: bytes, kind: sniffing.Kind) -> None:
    assert sniffing.kind_of(content) == kind


REFUSED = {
    "empty": b"",
    "blank": b" \n",
    "gif": picture("GIF"),
    "tiff": picture("TIFF"),
    "zip": b"PK\x03\x04" + b"\0" * 30,
    "gzip": b"\x1f\x8b\x08" + b"\0" * 30,
    "exe": b"MZ\x90\0" + b"\0" * 60,
    "elf": b"\x7fELF" + b"\0" * 60,
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "html": b"<!DOCTYPE html><html><script>alert(1)</script>",
    "html late": b"  hello <script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "svg with bom": b"\xef\xbb\xbf<svg onload='x'/>",
    "xml": b'<?xml version="1.0"?><x/>',
    "script": b"#!/bin/sh\nrm -r x",
    "calendar": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR",
    "card": b"BEGIN:VCARD\nTEL:040123456\nEND:VCARD",
    "latin-1": "Grüße".encode("latin-1"),
    "nul": b"text\0text",
    "utf-16": "<svg/>".encode("utf-16"),
    "html before a pdf": b"<html>%PDF-1.7",
    "cut png": picture("PNG")[:40],
    "cut jpeg": picture("JPEG")[:60],
    "png that is none": b"\x89PNG\r\n\x1a\n<svg onload='alert(1)'/>",
    "jpeg that is none": b"\xff\xd8\xff<script>alert(1)</script>",
    "gif called png": b"\x89PNG\r\n\x1a\n" + picture("GIF"),
    "bomb": huge_png(50_000, 50_000),
    "long bomb": huge_png(400_000, 2),
    "text bomb": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 80_000_000, 9)),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_nothing_else_is_taken_whatever_it_is_called(name: str) -> None:
    with pytest.raises(FileNotTaken):
        files.checked(Given("holiday.png", REFUSED[name]))


def test_too_large_a_file_is_refused_before_it_is_looked_at(settings: object) -> None:
    with pytest.raises(FileTooLarge):
        files.checked(Given("a.txt", b"a" * ((5 << 20) + 1)))


@pytest.mark.parametrize("secret", [b"SecretPhone", b"canal", b"secret", b"Exif", b"ICC"])
def test_a_picture_tells_nothing_of_its_maker(secret: bytes) -> None:
    kind, clean = files.checked(Given("x", with_place()))
    assert secret in with_place()
    assert secret not in clean
    with Image.open(io.BytesIO(clean)) as seen:
        assert seen.size == (20, 40)  # turned as it was meant
        assert not seen.getexif()
    assert kind == sniffing.JPEG


def test_text_behind_and_beside_a_picture_is_gone() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "secret")
    content = picture("PNG", mode="RGBA", pnginfo=notes) + b"<script>secret</script>"
    _kind, clean = files.checked(Given("x", content))
    assert b"secret" not in clean
    with Image.open(io.BytesIO(clean)) as seen:
        assert seen.mode == "RGBA"
        assert seen.info == {}


def test_a_picture_of_too_many_dots_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(pictures.Unreadable):
        pictures.rewritten(picture(size=(101, 100)), sniffing.PNG, pixels_max=10_000)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("holiday.png", "holiday.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\temp\\cv.pdf.exe", "cv pdf.png"),
        ("a\r\nX-Evil: 1.png", "a X-Evil 1.png"),
        ("\u202egnp.exe", "gnp.png"),
        ("<script>.html", "script.png"),
        ("…", "file.png"),
        ("Grüße.png", "Grüße.png"),
        ("x" * 300, f"{'x' * 80}.png"),
    ],
)
def test_a_name_keeps_letters_and_has_the_ending_of_its_content(given: str, name: str) -> None:
    assert sniffing.name_of(given, sniffing.PNG) == name
