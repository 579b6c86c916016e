"""Content encodings are undone within a bound, and what is broken is said to be."""

import gzip
import zlib

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.payload import dechunk, decode, digest_of

TEXT = "二国間クレジット制度".encode() * 500


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (None, TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("X-GZIP", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT[:700]) + gzip.compress(TEXT[700:])),
        ("gzip", gzip.compress(TEXT) + b"\0\0\0"),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)[2:-4]),
        ("br", brotli.compress(TEXT)),
        ("gzip, br", brotli.compress(gzip.compress(TEXT))),
    ],
)
def test_every_encoding_gives_the_page_back(encoding: str | None, body: bytes) -> None:
    """All encodings that servers and archives use are undone, in their order."""
    assert decode(body, encoding).content == TEXT
    assert decode(body, encoding).problem is None


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
def test_a_page_that_is_not_encoded_after_all_is_taken_as_it_is(encoding: str) -> None:
    """Archives of others keep the header and store the page decoded."""
    assert decode(b"<html></html>", encoding).content == b"<html></html>"
    assert decode(b"", encoding).content == b""


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(TEXT)[:-5]),
        ("gzip", b"\x1f\x8b" + b"\xff" * 40),
        ("gzip", b"noise"),
        ("br", brotli.compress(TEXT)[:-5]),
        ("br", b"\xff" * 40),
        ("zstd", b"\x28\xb5\x2f\xfd"),
    ],
)
def test_broken_encodings_are_named(encoding: str, body: bytes) -> None:
    """A body that cannot be unpacked whole is a problem, never a shorter page."""
    assert decode(body, encoding).problem == "encoding"


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)])
def test_a_bomb_is_cut_at_the_bound(encoding: str, pack: type[bytes]) -> None:
    """Unpacking stops at the bound, whatever the encoding."""
    decoded = decode(pack(bytes(5_000_000)), encoding, bound=1_000_000)
    assert decoded.problem == "bomb"
    assert len(decoded.content) == 1_000_000


@given(st.binary(max_size=400), st.lists(st.integers(1, 50), max_size=20))
def test_chunks_are_taken_off_again(body: bytes, sizes: list[int]) -> None:
    """However a body was cut into chunks, it comes out whole."""
    chunks, rest = b"", body
    for size in [*sizes, 10_000]:
        part, rest = rest[:size], rest[size:]
        chunks += b"%x;ext=1\r\n%s\r\n" % (len(part), part) if part else b""
    assert dechunk(chunks + b"0\r\n\r\n") == body


def test_a_body_without_chunks_stays() -> None:
    """A header that promises chunks where there are none does no harm."""
    assert dechunk(b"<html></html>") == b"<html></html>"


def test_the_digest_is_written_as_warc_has_it() -> None:
    """SHA-256 in base 32, which other WARC programs check."""
    assert digest_of(b"") == "sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ===="
