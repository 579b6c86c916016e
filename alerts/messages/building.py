"""A letter becomes a message: notices, words, the four forms, and the document of a webhook."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

import duckdb

from alerts.channels.base import Message
from alerts.letters import Letter
from alerts.messages.clean import one_line
from alerts.messages.forms import FORMS, render
from alerts.messages.notices import Notice, notice
from alerts.messages.views import day, view, words
from extractors.site import JAPAN


def build_message(archive: duckdb.DuckDBPyConnection, letter: Letter, now: datetime) -> Message:
    """The message of a letter, as the archive tells it now."""
    if letter.kind == "note":
        return note_message(letter, now)
    return releases_message(letter, notices(archive, letter), now)


def notices(archive: duckdb.DuckDBPyConnection, letter: Letter) -> tuple[Notice, ...]:
    """What the letter tells of, one for each version.

    A translation stands under its original if that is there.
    """
    by_version: dict[tuple[str, str], list[Any]] = {}
    for part in letter.alerts:
        by_version.setdefault((part[0].release_id, part[0].capture_id), []).append(part)
    roots = {alert.alert_id: key for key, parts in by_version.items() for alert, _, _ in parts}
    made = {key: notice(archive, parts) for key, parts in by_version.items()}
    under: dict[tuple[str, str], list[Notice]] = {}
    for key, parts in by_version.items():
        root = roots.get(parts[0][0].thread_id or "")
        if root is not None and root != key:
            under.setdefault(root, []).append(made[key])
    hidden = {id(one) for many in under.values() for one in many}
    return tuple(
        replace(one, also=tuple(under.get(key, ()))) for key, one in made.items() if id(one) not in hidden
    )


def releases_message(letter: Letter, told: Sequence[Notice], now: datetime) -> Message:
    """One release, or a digest of several."""
    frame = words(letter.lang)
    when = day(letter.made_at.astimezone(JAPAN).date(), letter.lang)
    heading = frame["digest"].format(count=len(told), day=when) if letter.kind == "digest" else ""
    views = [view(one, letter.lang) for one in told]
    subject = heading or f"[{frame['change'][told[0].change]}] {told[0].title}"
    if letter.reply_to is not None:
        subject = f"{frame['reply']}: {subject}"
    values = {"frame": frame, "heading": heading, "views": views, "lines": (), "key": letter.letter_id}
    data = {"type": letter.kind, "releases": [plain(one) for one in told]}
    return _message(letter, subject, values, data, now)


def note_message(letter: Letter, now: datetime) -> Message:
    """A text of our own: `content` has a subject and lines."""
    values = {
        "frame": words(letter.lang),
        "heading": letter.content["subject"],
        "views": (),
        "lines": letter.content["lines"],
        "key": letter.letter_id,
    }
    return _message(letter, letter.content["subject"], values, {"type": "note", **letter.content}, now)


def _message(
    letter: Letter, subject: str, values: Mapping[str, Any], data: Mapping[str, Any], now: datetime
) -> Message:
    frame = words(letter.lang)
    credit = {
        "source": "出典：環境省ホームページ",
        "licence": frame["licence"],
        "made_by": frame["made_by"],
        "note": frame["source_edited"],
    }
    forms = {form: render(form, values) for form in FORMS}
    return Message(
        key=letter.letter_id,
        subject=f"[moej] {one_line(subject)}",
        sent_at=now,
        reply_to=letter.reply_to,
        data={**data, "in_reply_to": letter.reply_to, "credit": credit, "text": forms["text"]},
        **forms,
    )


def plain(one: Notice) -> dict[str, Any]:
    """A notice for JSON, one object."""
    found: dict[str, Any] = _plain(asdict(one))
    found["title"] = one_line(one.title)
    found["differences"] = [
        {
            "column": each.column,
            "places": [[list(part) for part in place] for place in each.places],
        }
        for each in one.differences
    ]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
