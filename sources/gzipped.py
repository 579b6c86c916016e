"""Strict reading of gzip files made of one member a record: every byte must belong to a whole member."""

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol

CHUNK: Final = 1 << 14
AHEAD: Final = 1 << 18
LEVEL: Final = 6
GZIP: Final = 31
MAGIC: Final = b"\x1f\x8b\x08"
"""How a member begins."""
MAX_MEMBER: Final = 512 << 20


class Torn(Exception):
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


class Sliced(Protocol):
    """Bytes that need not be in memory: a length, and any part of them."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> bytes | memoryview: ...


class FileBytes:
    """The bytes of an open file, read a piece at a time: memory stays flat however long the file is.

    A map of the file would do as well, but its pages count as memory of this process.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._size = os.fstat(descriptor).st_size
        self._piece, self._begin = b"", 0

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice, /) -> bytes:
        start, stop, _ = part.indices(self._size)
        if start < self._begin or stop > self._begin + len(self._piece):
            self._piece, self._begin = os.pread(self._descriptor, max(AHEAD, stop - start), start), start
        return self._piece[start - self._begin : stop - self._begin]


@contextmanager
def opened(path: Path) -> Iterator[FileBytes]:
    """The bytes of a file, to be used until leaving."""
    with path.open("rb") as stream:
        yield FileBytes(stream.fileno())


def compress(content: bytes) -> bytes:
    """One gzip member without time or name in it, so that equal content gives equal bytes."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    return packer.compress(content) + packer.flush()


def member_at(data: Sliced, offset: int) -> Member:
    """The member that begins at `offset`; `Torn` if it is not whole or its checksum is wrong."""
    unpacker = zlib.decompressobj(GZIP)
    parts: list[bytes] = []
    position, size = offset, 0
    while not unpacker.eof:
        chunk = data[position : position + CHUNK]
        if not len(chunk):
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


def members(data: Sliced, offset: int = 0) -> Iterator[Member]:
    """All members from `offset` to the end of the file, in order; `Torn` where one is not whole."""
    while offset < len(data):
        member = member_at(data, offset)
        yield member
        offset += member.length


class Unpacked:
    """The content of a gzip file of others, whatever its members hold, as a stream to read once.

    `problem` says after the end why the file could not be read to its own end, if it could not. What is
    handed out has been checked but for the end of a member that is still being read.
    """

    def __init__(self, packed: IO[bytes]) -> None:
        self.problem: str | None = None
        self._parts = self._unpack(packed)

    def read(self, _size: int = -1) -> bytes:
        """The next bytes, some kB of them; none at the end."""
        return next(self._parts, b"")

    def _unpack(self, packed: IO[bytes]) -> Iterator[bytes]:
        data = packed.read(CHUNK)
        while data:
            unpacker = zlib.decompressobj(GZIP)
            while not unpacker.eof:
                try:
                    part = unpacker.decompress(data)
                except zlib.error as error:
                    self.problem = str(error)
                    return
                if part:
                    yield part
                if not unpacker.eof and not (data := packed.read(CHUNK)):
                    self.problem = "the gzip data end too early"
                    return
            # Zeros behind the last member are padding, however many.
            data = unpacker.unused_data.lstrip(b"\0")
            while not data and (more := packed.read(CHUNK)):
                data = more.lstrip(b"\0")
