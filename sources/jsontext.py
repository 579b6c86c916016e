"""JSON in one spelling, so that equal facts are equal bytes."""

import json


def compact(value: object) -> bytes:
    """One line of JSON in UTF-8, without blanks, keys in the order given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
