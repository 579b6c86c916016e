"""From the bytes of an HTTP body as they came to the bytes the page consists of, within a bound."""

import base64
import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# The same for every reading of the log, or a rebuild would see other pages than the run did.
MAX_DECODED: Final = 64 << 20
STEP: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body without its content encodings; `problem`: None, `encoding` (broken), `bomb` (over the bound)."""

    content: bytes
    problem: str | None = None


def decode(body: bytes, encodings: str | None, *, bound: int = MAX_DECODED) -> Decoded:
    """Undo the Content-Encoding of a body; what could be read stays when the rest is broken.

    An encoding that the body plainly does not have is passed over: archives of others keep the header and
    store the body decoded.
    """
    problem = None
    for name in reversed([part.strip().lower() for part in (encodings or "").split(",")]):
        if name in {"", "identity"} or not _looks_like(name, body):
            continue
        step = DECODERS.get(name)
        if step is None:
            return Decoded(b"", "encoding")
        body, problem = step(body, bound)
        if problem:
            break
    return Decoded(body, problem)


def digest_of(body: bytes) -> str:
    """The payload digest of a body, as WARC-Payload-Digest writes it."""
    return "sha256:" + base64.b32encode(hashlib.sha256(body).digest()).decode("ascii")


def dechunk(body: bytes) -> bytes:
    """A body without its chunked transfer encoding; as it is, if it has none."""
    parts: list[bytes] = []
    rest = body
    while True:
        line, found, rest = rest.partition(b"\r\n")
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            return body if not parts else b"".join(parts)
        if not found or size == 0:
            return b"".join(parts)
        parts.append(rest[:size])
        rest = rest[size:].removeprefix(b"\r\n")


def _looks_like(name: str, body: bytes) -> bool:
    if not body:
        return False
    if name in {"gzip", "x-gzip"}:
        return body[:2] == b"\x1f\x8b" or body.lstrip()[:1] != b"<"
    return body.lstrip()[:1] != b"<"


def _inflate(body: bytes, bound: int, wbits: int) -> tuple[bytes, str | None]:
    content, rest = b"", body
    while rest and len(content) <= bound:
        unpacker = zlib.decompressobj(wbits)
        try:
            content += unpacker.decompress(rest, bound + 1 - len(content))
        except zlib.error:
            return content, "encoding"
        if len(content) > bound:
            return content[:bound], "bomb"
        if not unpacker.eof:
            return content, "encoding"
        # A second member may follow; zeros behind the last one are padding that servers do send.
        rest = unpacker.unused_data.lstrip(b"\0")
    return content, None


def _gunzip(body: bytes, bound: int) -> tuple[bytes, str | None]:
    return _inflate(body, bound, 31)


def _deflate(body: bytes, bound: int) -> tuple[bytes, str | None]:
    # RFC 1950: method 8, and a multiple of 31; some servers send the bare stream of RFC 1951 instead.
    zlib_wrapped = (
        len(body) > 1 and body[0] & 15 == zlib.DEFLATED and int.from_bytes(body[:2], "big") % 31 == 0
    )
    return _inflate(body, bound, 15 if zlib_wrapped else -15)


def _brotli(body: bytes, bound: int) -> tuple[bytes, str | None]:
    import brotli  # type: ignore[import-untyped]

    unpacker = brotli.Decompressor()
    parts: list[bytes] = []
    size, given = 0, body
    try:
        while not unpacker.is_finished():
            part = unpacker.process(given, output_buffer_limit=STEP)
            if not part and unpacker.can_accept_more_data():
                return b"".join(parts), "encoding"
            parts.append(part)
            size, given = size + len(part), b""
            if size > bound:
                return b"".join(parts)[:bound], "bomb"
    except brotli.error:
        return b"".join(parts), "encoding"
    return b"".join(parts), None


DECODERS: Final[dict[str, Callable[[bytes, int], tuple[bytes, str | None]]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _brotli,
}
