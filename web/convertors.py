"""The places in addresses: what each may hold, for the router and for OpenAPI."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.convertors import Convertor, register_url_convertor


class _Name(Convertor[str]):
    """A name in an address: no dot, so that `.json` after it is a format."""

    regex = "[A-Za-z0-9:_-]{1,100}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class _ReleaseId(_Name):
    regex = "[0-9]{8}-[A-Za-z0-9_-]{1,100}"


class _Small(Convertor[int]):
    regex = "[0-9]{1,5}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


class _Pair(Convertor[tuple[int, int]]):
    regex = r"[0-9]{1,5}\.\.[0-9]{1,5}"

    def convert(self, value: str) -> tuple[int, int]:
        old, _, new = value.partition("..")
        return int(old), int(new)

    def to_string(self, value: tuple[int, int]) -> str:
        return f"{value[0]}..{value[1]}"


_CONVERTORS: Final[Mapping[str, Convertor[Any]]] = {
    "name": _Name(),
    "release_id": _ReleaseId(),
    "small": _Small(),
    "pair": _Pair(),
}
for _key, _convertor in _CONVERTORS.items():
    register_url_convertor(_key, _convertor)

KINDS: Final[Mapping[str, str]] = {
    "release_id": "release_id",
    "version": "small",
    "pair": "pair",
    "capture_id": "name",
    "run_id": "name",
}
"""Name of a place → what it may hold, as routes name it."""


def schema(place: str) -> dict[str, Any]:
    """The JSON schema of what may stand in a place."""
    kind = KINDS[place]
    if kind == "small":
        return {"type": "integer", "minimum": 1, "maximum": 99999}
    return {"type": "string", "pattern": f"^{_CONVERTORS[kind].regex}$"}
