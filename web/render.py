"""Pages as HTML. All is escaped but `Markup`, and only `markdown.render` makes that of a page's text."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any, Final
from urllib.parse import urlencode

import pyarrow as pa
from jinja2 import Environment, PackageLoader, StrictUndefined

from extractors.jcm import KINDS
from extractors.site import JAPAN
from web import assets, formats, markdown, words
from web.asked import Asked, Page
from web.room import Room

FEEDS: Final = {"all": "feed_all", "jcm": "feed_jcm"}


class Given(dict[str, Any]):
    """What was asked for; a field that was left empty is None rather than an error of the template."""

    def __missing__(self, key: str) -> None:
        return None


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates with the filters they use."""
    made = Environment(
        loader=PackageLoader("web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "moment": moment,
        "iso": lambda value: value.isoformat(),
        "markdown": markdown.render,
        "after": markdown.after,
        "safe_url": markdown.safe_url,
        "number": lambda value: f"{value:,.10g}" if isinstance(value, float) else f"{value:,}",
    }
    made.globals |= {"asset": assets.address, "credit": formats.CREDIT, "kinds": KINDS}
    return made


def warm() -> None:
    """Read what every page needs, so that the first visitor does not wait for it."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)
    for lang in words.LANGUAGES:
        words.country(lang, "JP")
    assets.assets()
    assets.edition()
    # Arrow looks for pandas when it first meets a list, and reads all of it where it is installed.
    pa.array([0]).take([0])


def moment(value: datetime | date | None) -> str:
    """A time in Japan to the minute, a day as it is, an empty text for none."""
    if isinstance(value, datetime):
        return value.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if value else ""


def html(asked: Asked, page: Page, *, feeds: Sequence[str], query: Mapping[str, str]) -> bytes:
    """The page in the visitor's language."""
    shown = _frame(asked, feeds, query) | {
        "canonical": asked.base + page.canonical,
        "here": page.canonical,
        "next": page.next,
        "forms": [kind for kind in ("json", "csv", "parquet") if kind == "json" or page.table is not None],
        "as_of": asked.as_of,
        "values": Given(asked.values),
    }
    template = environment().get_template(page.template)
    return template.render(shown | dict(page.data) | dict(page.view)).encode()


def error(room: Room, ui: str, status: int, message: str, feeds: Sequence[str]) -> bytes:
    """The page for something that went wrong."""
    template = environment().get_template("error.html")
    return template.render(_bare(room, ui, feeds) | {"status": status, "message": message}).encode()


def sql(room: Room, ui: str, feeds: Sequence[str], view: Mapping[str, Any]) -> bytes:
    """The page for SQL: the form, and the rows or what is wrong."""
    template = environment().get_template("sql.html")
    return template.render(_bare(room, ui, feeds) | {"limits": room.limits} | dict(view)).encode()


def _bare(room: Room, ui: str, feeds: Sequence[str]) -> dict[str, Any]:
    """The frame of a page that no archive was asked for."""
    return {
        "ui": ui,
        "t": partial(words.say, ui),
        "country": partial(words.country, ui),
        "feeds": _feeds(feeds),
        "sql": room.sql,
        "link": _link,
        "switch": f"/?ui={_other(ui)}",
        "path": "/",
        "as_of": None,
        "forms": (),
        "canonical": None,
        "here": "/",
        "values": Given(),
        "kept": {},
    }


def _frame(asked: Asked, feeds: Sequence[str], query: Mapping[str, str]) -> dict[str, Any]:
    path = asked.path.get("path", "/")
    kept = {name: value for name, value in query.items() if name not in {"ui", "cursor"} and value}
    then = {"as_of": query["as_of"]} if asked.as_of else {}
    return {
        "ui": asked.ui,
        "t": partial(words.say, asked.ui),
        "country": partial(words.country, asked.ui),
        "feeds": _feeds(feeds),
        "sql": asked.room.sql,
        "path": path,
        "kept": kept,
        "link": partial(_link, **then),
        "switch": _link(path, **kept | {"ui": _other(asked.ui)}),
        "without_moment": _link(path, **{name: value for name, value in kept.items() if name != "as_of"}),
    }


def _feeds(names: Sequence[str]) -> list[tuple[str, str]]:
    """The feeds there are, with the string that names each."""
    return [(name, FEEDS.get(name, "subscribe")) for name in names]


def _other(ui: str) -> str:
    return "en" if ui == "ja" else "ja"


def _link(path: str, **values: Any) -> str:
    """An address of ours with a query; what is None or empty is left out."""
    given = {name.rstrip("_"): value for name, value in values.items() if value not in {None, ""}}
    return f"{path}?{urlencode(given)}" if given else path
