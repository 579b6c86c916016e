"""Strict reading of gzip files made of one member a record: every byte must belong to a whole member."""

import mmap
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CHUNK: Final = 1 << 16
LEVEL: Final = 6
GZIP: Final = 31
MAX_MEMBER: Final = 512 << 20


class Torn(Exception):  # noqa: N818 - a fact about a file, not always an error
    """The file has no whole member at `offset`; what lies before is sound."""

    def __init__(self, offset: int, why: str) -> None:
        super().__init__(f"no whole gzip member at byte {offset}: {why}")
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Member:
    """One gzip member: its place in the file in bytes, and what it unpacks to."""

    offset: int
    length: int
    content: bytes


@contextmanager
def mapped(path: Path) -> Iterator[memoryview]:
    """The bytes of a file without reading them all; not to be used after leaving."""
    with path.open("rb") as stream:
        if os.fstat(stream.fileno()).st_size == 0:
            yield memoryview(b"")
            return
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            view = memoryview(data)
            try:
                yield view
            finally:
                view.release()


def compress(content: bytes) -> bytes:
    """One gzip member without time or name in it, so that equal content gives equal bytes."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    return packer.compress(content) + packer.flush()


def member_at(data: memoryview, offset: int) -> Member:
    """The member that begins at `offset`; `Torn` if it is not whole or its checksum is wrong."""
    unpacker = zlib.decompressobj(GZIP)
    parts: list[bytes] = []
    position, size = offset, 0
    while not unpacker.eof:
        chunk = bytes(data[position : position + CHUNK])
        if not chunk:
            raise Torn(offset, "the file ends inside it")
        try:
            parts.append(unpacker.decompress(chunk, MAX_MEMBER - size))
        except zlib.error as error:
            raise Torn(offset, str(error)) from None
        size += len(parts[-1])
        if unpacker.unconsumed_tail:
            raise Torn(offset, f"it unpacks to more than {MAX_MEMBER} bytes")
        position += len(chunk)
    return Member(offset, position - len(unpacker.unused_data) - offset, b"".join(parts))


def members(data: memoryview, offset: int = 0) -> Iterator[Member]:
    """All members from `offset` to the end of the file, in order; `Torn` where one is not whole."""
    while offset < len(data):
        member = member_at(data, offset)
        yield member
        offset += member.length
