"""Reads attached files in a process of its own, which may die of one of them without harm to a load."""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from extractors.errors import Stop
from sources import documents
from sources.documents import TOO_HEAVY, DocumentText

File = tuple[bytes, str | None]
"""The bytes of a file, and the media type it came under."""

_OF_THE_FILE: Final = {
    -number
    for number in (
        signal.SIGXCPU,
        signal.SIGABRT,
        signal.SIGTRAP,
        signal.SIGILL,
        signal.SIGSEGV,
        signal.SIGBUS,
    )
}
"""How the reader dies of a file. Killed in another way it says nothing about the file it was at."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take; by far more than honest ones of the largest size ask for.

    Processor time, not the clock's, and memory: on a slower or busier machine the same comes of a file.
    """

    seconds: int = 60
    megabytes: int = 1_024


def read_documents(files: Sequence[File], limits: Limits = Limits()) -> list[DocumentText]:
    """What the files say, in their order; one that the reader dies of is `too-heavy`.

    `Stop` where the reader ends for a cause that is not the file's.
    """
    found: list[DocumentText] = []
    while len(found) < len(files):
        rest = files[len(found) :]
        done = subprocess.run(  # noqa: S603 - our own program; only its input is a stranger's
            [sys.executable, "-I", documents.__file__, str(limits.seconds), str(limits.megabytes)],
            input=b"".join(part for file in rest for part in _framed(*file)),
            capture_output=True,
            check=False,
        )
        # An answer without its end was written by a process that died.
        said = [DocumentText(*json.loads(line)) for line in done.stdout.split(b"\n")[:-1]]
        found += said
        # One that ended by itself has read all that its processor time allowed.
        if len(said) < len(rest) and (done.returncode or not said):
            found.append(_died(done))
    return found


def _framed(payload: bytes, media_type: str | None) -> tuple[bytes, bytes]:
    head = json.dumps({"bytes": len(payload), "media_type": media_type})
    return head.encode() + b"\n", payload


def _died(done: subprocess.CompletedProcess[bytes]) -> DocumentText:
    if done.returncode in _OF_THE_FILE:
        return TOO_HEAVY
    said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
    raise Stop(
        f"the process that reads attached files ended with {done.returncode} ({''.join(said) or 'no word'}); "
        "no file was left out, load again"
    )
