"""What the archive must say, in the plainest way that can be thought of, to test it against.

A page shows contents of one or two series; each series is one release. It may link to a file of its own and
to one that other pages link to, too. The model keeps every event with its time, sorts, and walks through
them.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.warehouse.world import file, text

BODY = {
    "A": "二国間クレジット制度の合同委員会を開催し、プロジェクトの登録を決定した。" * 3,
    "B": "ツキノワグマの出没状況を都道府県別に取りまとめたのでお知らせする。" * 3,
}
# Series and edit → title, day, text. A2 corrects title and date, A3 has other blanks.
CONTENTS = {
    "A0": ("第4回合同委員会", "2025-06-20", BODY["A"]),
    "A1": ("第4回合同委員会", "2025-06-20", BODY["A"] + "数値の誤りを修正した。"),
    "A2": ("第4回合同委員会の結果", "2025-06-22", BODY["A"]),
    "A3": ("第４回 合同委員会", "2025-06-20", BODY["A"] + "\n"),
    "B0": ("クマの出没状況", "2026-02-13", BODY["B"]),
    "B1": ("クマの出没状況", "2026-02-13", BODY["B"] + "追記した。"),
}
SAME_AS = {"A3": "A0"}
LINKS = {
    "A0": ("own",),
    "A1": ("own", "shared"),
    "A2": (),
    "A3": ("own",),
    "B0": ("shared",),
    "B1": ("shared",),
}
SHARING = 3
"""So many pages link to one shared file."""


def address(number: int, link: str) -> str:
    """Where a file lies that the page of this number links to."""
    return file(number if link == "own" else 900_000 + number // SHARING)


def payload(content: str, number: int) -> bytes:
    """The bytes of a content as the page of this number shows it."""
    return text(*CONTENTS[content], files=[address(number, link) for link in LINKS[content]])


@dataclass(frozen=True, slots=True)
class Event:
    """One capture of the page: a content, `gone`, or anything else, which says nothing.

    Or one of a file the page may link to: `file` says which, `what` is its bytes.
    """

    at: datetime
    arrival: int
    what: str
    file: str = ""


@dataclass(slots=True)
class Row:
    """One version: `content` is what the capture printed that its text comes from."""

    version: int
    change: str
    content: str
    start: datetime
    end: datetime | None = None


@dataclass(slots=True)
class Story:
    """One release as the model tells it; `printed` is what was read last, `missed` the first miss since."""

    series: str
    rows: list[Row] = field(default_factory=list)
    printed: str = ""
    missed: datetime | None = None


def tell(events: list[Event]) -> list[Story]:
    """The releases of a page, from all events that concern it."""
    stories: dict[str, Story] = {}
    shown: Story | None = None
    held: dict[str, str] = {}
    for event in sorted(events, key=lambda one: (one.at, one.arrival)):
        if event.file:
            if held.setdefault(event.file, event.what) != event.what:
                _swap(stories, event)
            held[event.file] = event.what
        elif event.what in CONTENTS:
            series = event.what[0]
            shown = stories.setdefault(series, Story(series))
            _see(shown, event)
        elif event.what == "gone" and shown is not None:
            _miss(shown, event)
    return list(stories.values())


def same(one: str, other: str) -> bool:
    """Whether two contents differ in typesetting at most."""
    return SAME_AS.get(one, one) == SAME_AS.get(other, other)


def _see(story: Story, event: Event) -> None:
    story.missed = None
    story.printed = event.what
    if not story.rows:
        _add(story, event, "created")
    elif story.rows[-1].change == "withdrawn":
        _add(story, event, "restored")
    elif not same(story.rows[-1].content, event.what):
        _add(story, event, "changed")


def _swap(stories: dict[str, Story], event: Event) -> None:
    for story in stories.values():
        if event.file in LINKS[story.printed] and story.rows[-1].change != "withdrawn":
            _add(story, event, "attachment", story.rows[-1].content)


def _miss(story: Story, event: Event) -> None:
    if story.missed is None:
        story.missed = event.at
    elif event.at - story.missed >= timedelta(hours=23) and story.rows[-1].change != "withdrawn":
        _add(story, event, "withdrawn")


def _add(story: Story, event: Event, change: str, content: str = "") -> None:
    if story.rows:
        story.rows[-1].end = event.at
    story.rows.append(Row(len(story.rows) + 1, change, content or story.printed, event.at))


def name(story: Story, events: list[Event], page_name: str) -> str:
    """The release's id: the date in what arrived first of it."""
    first = min(
        (one for one in events if one.what[0] == story.series and not one.file), key=lambda one: one.arrival
    )
    return CONTENTS[first.what][1].replace("-", "") + "-" + page_name
