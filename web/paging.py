"""Places in a list that outlive the file: the key of the last row shown, not its number."""

import base64
import binascii
import json
from collections.abc import Sequence

from extractors.errors import Usage

Key = tuple[str | int, ...]


def encode(key: Sequence[str | int]) -> str:
    """A cursor for the row with this key."""
    raw = json.dumps(list(key), ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(cursor: str, kinds: Sequence[type[str] | type[int]]) -> Key:
    """The key in a cursor, of these types; `Usage` if the cursor is not one of ours."""
    wrong = Usage("cursor: not one of this list; begin again without it")
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True).decode("utf-8"))
    except (ValueError, UnicodeError, binascii.Error, RecursionError):
        raise wrong from None
    if not isinstance(found, list) or [type(part) for part in found] != list(kinds):
        raise wrong
    if any(isinstance(part, int) and not 0 <= part < 2**31 for part in found):
        raise wrong
    return tuple(found)
