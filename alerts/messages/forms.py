"""The four forms of a message.

Every value a template prints passes through the escape of its form, by construction.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from alerts.messages import clean

_ESCAPES: Final[Mapping[str, Callable[[object], str]]] = {
    "text": lambda value: clean.flat(str(value)),
    "html": clean.html,
    "markdown": clean.markdown,
    "slack": clean.slack,
}
FORMS: Final = tuple(_ESCAPES)


@cache
def _environment(form: str) -> Environment:
    """An environment whose `finalize` escapes.

    Only an address that `clean.address` made goes through as it is.
    """
    escaped = _ESCAPES[form]

    def finalize(value: object) -> object:
        return value if isinstance(value, _Address) else escaped(value)

    made = Environment(
        loader=PackageLoader("alerts.messages"),
        # On in HTML as a second line; in the other forms it would put HTML's escapes into plain text.
        autoescape=form == "html",  # noqa: S701 - finalize escapes in every form
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["address"] = _html_address if form in {"html", "slack"} else _address
    return made


class _Address(Markup):
    """An address that was made safe by `clean.address`."""

    __slots__ = ()


def _address(url: str) -> _Address:
    return _Address(clean.address(url))


def _html_address(url: str) -> _Address:
    return _Address(clean.address(url).replace("&", "&amp;"))


def render(form: str, values: Mapping[str, Any]) -> str:
    """A message in one form."""
    return _environment(form).get_template(f"{form}.j2").render(values).strip("\n") + "\n"
