"""The text of attached files; what cannot be read is noted, never fatal."""

from io import BytesIO

import pypdfium2
import pytest

from sources.documents import DocumentText, read_document


def assembled(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF from its objects."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        start,
    )
    return bytes(out)


def pdf(*pages: str, trailer: bytes = b"") -> bytes:
    """A PDF that prints one line a page."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        stream = b"BT /F1 12 Tf 72 700 Td (%s) Tj ET" % text.encode()
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    return assembled(objects, trailer)


def test_the_text_of_a_pdf_page_by_page() -> None:
    """Pages are parted by a form feed."""
    assert read_document(pdf("JCM 2026", "9,206 t")) == DocumentText("JCM 2026\f9,206 t", 2)


def scanned() -> bytes:
    """A page without a letter on it."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    out = BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


ENCRYPTED = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>]" % (
    b"41" * 32,
    b"42" * 32,
)


@pytest.mark.parametrize(
    ("payload", "media_type", "note"),
    [
        (scanned(), "application/pdf", "no-text"),
        (pdf("JCM", trailer=ENCRYPTED), "application/pdf", "encrypted"),
        (b"%PDF-1.7\n" + b"\xff" * 500, "application/pdf", "broken"),
        (b"<html>", "application/pdf", "broken"),
        (b"", "application/pdf", "broken"),
        (b"PK\x03\x04", "application/zip", "not-read"),
        (b"a,b", None, "not-read"),
    ],
)
def test_what_cannot_be_read_is_noted(payload: bytes, media_type: str | None, note: str) -> None:
    """Scans, encrypted and broken files, other kinds: a word each, and no text."""
    read = read_document(payload, media_type)
    assert (read.text, read.note) == ("", note)


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9, 0.99])
def test_a_torn_pdf_never_raises(keep: float) -> None:
    """Half a file gives what can be saved of it, or a note."""
    whole = pdf("JCM 2026", "9,206 t")
    read = read_document(whole[: int(len(whole) * keep)], "application/pdf")
    assert read.note in {None, "broken", "no-text"}
