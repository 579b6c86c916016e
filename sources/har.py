"""HAR: the answers that a browser's developer tools saved, each with its address, time and decoded body."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from extractors.errors import Skip
from sources.records import END, BadRecord, parse_date

# The browser kept the body without its encodings, and text in UTF-8 whatever it was.
UNDONE: Final = frozenset({"content-encoding", "content-length", "transfer-encoding", "content-type"})


def read_har(path: Path) -> Iterator[tuple[str, datetime, bytes, bytes] | Skip]:
    """Address, time, HTTP head and body of each answer to a GET; a `Skip` that says why for the unusable."""
    try:
        entries = json.loads(path.read_bytes())["log"]["entries"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        yield Skip(f"{path.name} is no HAR file: {type(error).__name__}: {error}")
        return
    for entry in entries if isinstance(entries, list) else ():
        try:
            if entry["request"]["method"] == "GET" and entry["response"]["status"]:
                yield _answer(entry)
        except (KeyError, TypeError, ValueError, BadRecord) as error:
            yield Skip(f"{path.name}: an entry that cannot be used: {type(error).__name__}: {error}")


def _answer(entry: dict[str, Any]) -> tuple[str, datetime, bytes, bytes] | Skip:
    response, url = entry["response"], str(entry["request"]["url"])
    # JSON may hold half a character, and the log could not be written with it.
    url.encode("utf-8")
    content = response.get("content") or {}
    text = content.get("text")
    if response["status"] == HTTPStatus.NOT_MODIFIED or (text is None and content.get("size")):
        return Skip(f"{url} has no body in the HAR file; load it without the cache and save it with content")
    encoded = content.get("encoding") == "base64"
    body = base64.b64decode(text or "", validate=True) if encoded else (text or "").encode("utf-8")
    media_type = str(content.get("mimeType") or "").partition(";")[0]
    kind = media_type if encoded or not media_type.startswith("text/") else f"{media_type}; charset=utf-8"
    named = ((str(each["name"]), str(each["value"])) for each in response.get("headers") or ())
    kept = [(name, value) for name, value in named if name.lower() not in UNDONE and name[:1] != ":"]
    lines = [f"HTTP/1.1 {int(response['status'])} {response.get('statusText') or ''}".rstrip()]
    lines += [f"{_line(name)}: {_line(value)}" for name, value in [("Content-Type", kind), *kept]]
    return url, parse_date(entry["startedDateTime"]), "\r\n".join(lines).encode("utf-8") + END, body


def _line(text: str) -> str:
    """A header's part on one line: a break in it would begin a header of its own."""
    return " ".join(text.split())
