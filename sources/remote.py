"""The log behind a URL: any place that fsspec reaches, shared by as many machines as there are.

    YYYY/MM/<number>-<kind>-<run>.warc.gz   a sealed file, under the name it was sealed with on its machine
    YYYY/MM/<number>-<kind>-<run>.cdxj      its index
    manifest/<sequence>.json                one piece of the manifest a file: file, sha256, bytes, sealed_at

A file is part of the log when its piece stands in the manifest, and the piece is written last and only if
nothing bears its number: machines that seal at once get numbers one after the other, and none loses a line.
"""

import errno
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from extractors.errors import Stop, Unreachable, Usage
from sources import cdxj
from sources.failpoints import failpoint
from sources.gzipped import Sliced
from sources.jsontext import compact
from sources.records import format_date
from sources.seal import NAME, SEALED, SealedFile

MANIFEST: Final = "manifest"
FIRST: Final = 1 << 16
MOST: Final = 8 << 20
"""Bytes asked at once: few for one record, growing to this for who reads on."""
FOLDERS: Final = frozenset({"file", "local", "sftp", "ssh", "smb"})
"""Places with real folders, which must be made first; in the others a name is only a name."""


class RemoteBytes:
    """The bytes of a file behind a URL, asked a piece at a time, the pieces longer the further one reads."""

    def __init__(self, remote: "Remote", name: str) -> None:
        self._remote, self._name = remote, name
        self._size = remote.size(name)
        self._piece, self._begin, self._ahead = b"", 0, FIRST

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice, /) -> bytes:
        start, stop, _ = part.indices(self._size)
        if stop > start and (start < self._begin or stop > self._begin + len(self._piece)):
            end = min(max(start + self._ahead, stop), self._size)
            self._piece, self._begin = self._remote.part(self._name, start, end), start
            self._ahead = min(2 * self._ahead, MOST)
        return self._piece[start - self._begin : stop - self._begin]


@dataclass(frozen=True, slots=True)
class Remote:
    """The log at `base` of a file system; `cache` is a folder here for what never changes there."""

    fs: Any
    base: str
    url: str
    cache: Path

    @classmethod
    def at(cls, url: str, cache: Path) -> "Remote":
        """The log at a URL; `Usage` where this installation cannot reach its kind, or it holds a password."""
        # A password in a URL would stand in logs and in error messages.
        if urlsplit(url).password is not None:
            raise Usage("MOEJ_RAW holds a password; credentials come by the environment, as s3fs takes them")
        try:
            from fsspec.core import url_to_fs

            fs, base = url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise Usage(
                f"MOEJ_RAW={url} cannot be used here ({error}); S3 needs the extra `remote`"
            ) from error
        return cls(fs, base.rstrip("/"), url, cache)

    def sealed(self) -> tuple[SealedFile, ...]:
        """What the manifest says, in arrival order."""
        known = self._kept()
        with self._reaching():
            pieces = self._pieces()
            unknown = [path for path in pieces if PurePosixPath(path).name not in known]
            for path, content in self.fs.cat(unknown).items() if unknown else ():
                known[PurePosixPath(path).name] = _object(content)
        files = [self._said(PurePosixPath(path).name, known) for path in pieces]
        self._keep(known)
        return tuple(sorted(files, key=lambda file: file.sequence))

    def names(self) -> list[str]:
        """Files that bear the name of a sealed one, entered in the manifest or not."""
        with self._reaching():
            self.fs.invalidate_cache()
            found = (str(path).removeprefix(f"{self.base}/") for path in self.fs.find(self.base))
        return sorted(name for name in found if SEALED.fullmatch(PurePosixPath(name).name))

    @contextmanager
    def opened(self, name: str) -> Iterator[Sliced]:
        """The bytes of a file, read piece by piece."""
        yield RemoteBytes(self, name)

    def size(self, name: str) -> int:
        """How many bytes a file has."""
        with self._reaching():
            return int(self.fs.size(self._path(name)))

    def part(self, name: str, start: int, end: int) -> bytes:
        """Some bytes of a file."""
        with self._reaching():
            return bytes(self.fs.cat_file(self._path(name), start=start, end=end))

    @contextmanager
    def copied(self, name: str) -> Iterator[Path]:
        """A file of this disk with the same bytes, until leaving."""
        self.cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.cache) as folder:
            target = Path(folder, PurePosixPath(name).name)
            with self._reaching():
                self.fs.get_file(self._path(name), str(target))
            yield target

    def index(self, name: str) -> Path:
        """The index of a file, on this disk: indexes never change, so each is asked for once."""
        target = cdxj.index_path(self.cache, name)
        if not target.exists():
            try:
                with self._reaching():
                    content = self.fs.cat_file(self._path(_index(name)))
            except FileNotFoundError:
                with self.copied(name) as path:
                    content = cdxj.made(path).encode()
            _write(target, content)
        return target

    def put(self, path: Path, file: SealedFile, *, at: datetime) -> SealedFile:
        """Make a file of this machine part of the log: its bytes, its index, then its piece of the manifest.

        A file that is in the manifest already stays as it is; a half one that a cut put left is overwritten.
        """
        for there in self.sealed():
            if there.name == file.name and there.sha256 == file.sha256:
                return there
            if there.name == file.name:
                raise Stop(f"{self.url} holds another file {file.name}; two archives were mixed there")
        try:
            with self._reaching():
                self._upload(path, file.name)
                self._upload(cdxj.ensure(self.cache, file.name), _index(file.name))
                failpoint("uploaded")
                return self._enter(file, at)
        except FileNotFoundError as error:
            raise Stop(f"{self.url} does not take files: {error}") from error

    def _upload(self, file: Path, name: str) -> None:
        path, size = self._path(name), file.stat().st_size
        self._make_folder(path)
        self.fs.put_file(str(file), path)
        self.fs.invalidate_cache()
        if (found := int(self.fs.size(path))) != size:
            raise Stop(f"{self.url}/{name} has {found} bytes there and {size} here; run again")

    def _make_folder(self, path: str) -> None:
        protocols = (self.fs.protocol,) if isinstance(self.fs.protocol, str) else self.fs.protocol
        if FOLDERS & set(protocols):
            self.fs.makedirs(path.rpartition("/")[0], exist_ok=True)

    def _enter(self, file: SealedFile, at: datetime) -> SealedFile:
        """Write the piece under the first number nobody has; a number taken meanwhile is passed over."""
        sequence = 1 + max((there.sequence for there in self.sealed()), default=0)
        while True:
            entered = replace(file, sequence=sequence)
            piece = {
                "sequence": sequence,
                "file": file.name,
                "sha256": file.sha256,
                "bytes": file.bytes,
                "sealed_at": format_date(at),
            }
            if self._create(f"{self.base}/{MANIFEST}/{sequence:06d}.json", compact(piece)):
                return entered
            sequence += 1

    def _create(self, path: str, content: bytes) -> bool:
        """Write a piece where none is; whether it is this one that stands there then."""
        self._make_folder(path)
        try:
            self.fs.pipe_file(path, content, mode="create")
        except OSError as error:
            # S3 says "precondition failed", which s3fs gives as one of these.
            if error.errno not in {None, errno.EEXIST, errno.EINVAL, errno.EBUSY}:
                raise
        # Asked again in any case: a put that was repeated after a lost answer finds its own piece, and a
        # place without conditional writes may have kept another's.
        self.fs.invalidate_cache()
        return bool(self.fs.cat_file(path) == content)

    def _pieces(self) -> list[str]:
        """The pieces of the manifest; `Stop` where the place itself is not there: a slip is no empty log."""
        self.fs.invalidate_cache()
        try:
            found = [str(path) for path in self.fs.ls(f"{self.base}/{MANIFEST}", detail=False)]
        except FileNotFoundError:
            found = []
        bucket = self.base.partition("/")[0]
        if not found and bucket and not self.fs.exists(bucket):
            raise Stop(f"{self.url}: there is no {bucket}; make it first, or mend MOEJ_RAW")
        return sorted(path for path in found if path.endswith(".json"))

    def _said(self, piece: str, known: dict[str, dict[str, Any]]) -> SealedFile:
        """What a piece says; `Stop` if it cannot be read, or names what no sealed file is called."""
        said = known[piece]
        try:
            file = SealedFile(said["file"], int(said["sequence"]), said["sha256"], int(said["bytes"]))
        except (KeyError, TypeError, ValueError):
            file = None
        # Names become paths on this disk, and whoever may write there must not choose them.
        if file is None or not NAME.fullmatch(str(file.name)):
            raise Stop(f"{self.url}/{MANIFEST}/{piece} cannot be read (found {str(said)[:60]}); restore it")
        return file

    def _path(self, name: str) -> str:
        return f"{self.base}/{name}"

    def _kept(self) -> dict[str, dict[str, Any]]:
        try:
            found: dict[str, dict[str, Any]] = json.loads(self._kept_in.read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        return found

    def _keep(self, pieces: dict[str, dict[str, Any]]) -> None:
        if pieces != self._kept():
            _write(self._kept_in, json.dumps(pieces).encode())

    @property
    def _kept_in(self) -> Path:
        """What this machine knows of the manifest; another place must not be taken for this one."""
        return self.cache / f"manifest-{sha256(self.url.encode()).hexdigest()[:12]}.json"

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Whatever goes wrong on the way there as one `Stop`; a file that is not there as it is."""
        try:
            yield
        except (FileNotFoundError, Stop):
            raise
        except Exception as error:
            # Every file system has exceptions of its own, and each means that this run must end here.
            what = " ".join(str(error).split())[:200]
            raise Unreachable(
                f"the raw archive at {self.url} cannot be reached ({type(error).__name__}: {what}); what was "
                "fetched is kept here and sent by the next run"
            ) from error


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _index(name: str) -> str:
    return cdxj.index_path(Path(), name).as_posix()


def _write(target: Path, content: bytes) -> None:
    """Whole or not at all: another process may read it meanwhile."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    partial.write_bytes(content)
    partial.replace(target)
