"""What a message says, in every form: golden files, hostile text, differences."""

import html
import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from alerts.channels import Message
from alerts.channels.mail import Mail
from alerts.letters import Letter
from alerts.messages.building import note_message, releases_message
from alerts.messages.clean import address, markdown, one_line
from alerts.messages.differences import AROUND, Difference, differences
from alerts.messages.notices import SUMMARY, Notice, first_sentences

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 6, 11, 9, 30, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"
CHANGES = ("created", "changed", "corrected", "attachment", "withdrawn", "restored", "recognised")
EDITS: dict[str, dict[str, Any]] = {
    "changed": {"body": "会合を6月17日に開催します。"},
    "corrected": {
        "corrections": [{"corrected_on": date(2026, 6, 11), "note": "※数値を修正しました。"}],
        "title": "第4回会合",
    },
    "attachment": {
        "attachments": [
            {"title": "別紙1改", "url": "https://www.env.go.jp/content/2.pdf", "size_label": "9 KB"}
        ]
    },
}
LISTS = ("corrections", "attachments", "categories", "joint_with", "contacts", "links")
OLD: dict[str, Any] = {
    "title": "第5回会合",
    "body": "会合を6月16日に開催します。",
    "published_on": None,
    **{name: [] for name in LISTS},
}


def notice(change: str = "created", lang: str = "ja", **fields: object) -> Notice:
    """A release to tell of."""
    japanese = lang == "ja"
    known: dict[str, object] = {
        "release_id": "20260611-press_05099",
        "url": "https://www.env.go.jp/press/press_05099.html",
        "title": "モンゴルにおけるJCMクレジット発行について"
        if japanese
        else "Issuance of JCM Credits in Mongolia",
        "lang": lang,
        "change": change,
        "rules": ("jcm", "credits"),
        "published_on": date(2026, 6, 11),
        "version": 1 if change == "created" else 2,
        "kind": "credits",
        "countries": ("MN", "VN"),
        "tonnes": 9206.0,
        "projects": 3,
        "partner_count": 31,
        "summary": "環境省は、JCMのクレジットを発行しました。" if japanese else "JCM credits were issued.",
        "evidence": ("件名: JCMクレジット", "本文1: 二国間クレジット制度"),
        "differences": differences(OLD, {**OLD, **EDITS.get(change, {})}),
    }
    return Notice(**{**known, **fields})  # type: ignore[arg-type]  # a test's own words


def letter(kind: str = "instant", lang: str = "ja", **fields: object) -> Letter:
    """An envelope for them."""
    known = {"content": {}, "reply_to": None, **fields}
    return Letter(KEY, "team", kind, lang, NOW, 0, known["reply_to"], known["content"], ())  # type: ignore[arg-type]


def message(*told: Notice, kind: str = "instant", lang: str = "ja", **fields: object) -> Message:
    """The message about these."""
    return releases_message(letter(kind, lang, **fields), told, NOW)


NOTE = {
    "subject": "稼働報告（2026年6月11日）",
    "lines": ["06-11 18:30（日本時間）run：done、一覧12件", "*行* <2>"],
}
CASES = {
    **{f"{change}-ja": message(notice(change)) for change in CHANGES},
    **{f"{change}-en": message(notice(change, "en"), lang="en") for change in ("created", "corrected")},
    "digest-ja": message(
        notice(also=(notice(lang="en", release_id="20260611-en-press_03994"),)),
        notice("withdrawn", release_id="20260601-press_04000"),
        kind="digest",
    ),
    "reply-en": message(notice(lang="en"), lang="en", reply_to="f" * 32),
    "lost-ja": message(
        Notice(
            "20260611-press_1",
            "https://www.env.go.jp/press/press_1.html",
            "件名",
            "ja",
            "created",
            ("jcm",),
            held=False,
        )
    ),
    "note-ja": note_message(letter("note", content=NOTE), NOW),
}


def mail_of(made: Message) -> str:
    """The headers of a message as mail."""
    sent = Mail("mail.example.org", 587, "moej@example.org", ("reader@example.org",)).letter(made)
    return "".join(f"{name}: {value}\n" for name, value in sent.items())


def forms(made: Message) -> dict[str, str]:
    """A message in every form, by the ending of its golden file."""
    return {
        "txt": made.text,
        "html": made.html,
        "md": made.markdown,
        "slack": made.slack,
        "mail": mail_of(made),
        "json": json.dumps(made.data, ensure_ascii=False, indent=1) + "\n",
    }


@pytest.mark.parametrize("case", CASES)
def test_messages_are_as_they_were_approved(case: str) -> None:
    """Every kind of message in every form equals its golden file.

    A missing one is written and has to be looked at.
    """
    GOLDEN.mkdir(exist_ok=True)
    missing = []
    for ending, text in forms(CASES[case]).items():
        path = GOLDEN / f"{case}.{ending}"
        if not path.exists():
            path.write_text(text, encoding="utf-8")
            missing.append(path.name)
        assert text == path.read_text(encoding="utf-8"), path.name
    assert missing == [], "written now: read them, then run again"


HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[click](https://evil.example) ![x](https://evil.example/p.png) <https://evil.example>",
    "https://evil.example www.evil.example me@evil.example",
    "**bold** _it_ ~~gone~~ `code` # head\n# head\n- item\n1. one\n> quote\n---\n| a | b |",
    "<!channel> <@U123> @everyone <https://evil.example|env.go.jp>",
    "{{ 7 * 7 }} {% for x in y %} ${7*7}",
    "会合\r\nBcc: x@evil.example\r\n\r\n出典：環境省",
    "\u202egpj.exe \u2066x\u2069 \x1b[31m \x00 \u200b",
    '" onmouseover="alert(1)" \' javascript:alert(1)',
    "&lt;script&gt; &#60;b&#62;",
]


class Tags(HTMLParser):
    """The tags and attributes of a document, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, tuple(attrs)))

    def handle_data(self, data: str) -> None:
        """Collect text."""
        self.text += data


def tags(document: str) -> Tags:
    """A parsed document."""
    parsed = Tags()
    parsed.feed(document)
    return parsed


def told_with(text: str) -> Message:
    """A message in which every place that a page fills holds `text`."""
    edits = tuple((kind, text) for kind in ("equal", "deleted", "inserted"))
    other = notice(title=text)
    return message(
        notice(
            "corrected",
            title=text,
            summary=text,
            evidence=(text,),
            differences=(Difference("body", (edits,)),),
            also=(other,),
        )
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_s_text_makes_no_markup_of_html(text: str) -> None:
    """HTML has the same tags and attributes whatever the page says, and shows what it says."""
    made, tame = tags(told_with(text).html), tags(told_with("会合").html)
    assert made.tags == tame.tags
    assert one_line(text) in " ".join(made.text.split()) or not one_line(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_s_text_makes_no_markup_of_markdown(text: str) -> None:
    """Rendered, the same elements come out, no bare address becomes a link, and the text reads the same."""
    renderer = MarkdownIt("gfm-like", {"linkify": False})
    made = tags(renderer.render(told_with(text).markdown))
    tame = tags(renderer.render(told_with("会合").markdown))
    assert [tag for tag, _ in made.tags] == [tag for tag, _ in tame.tags]
    shown = html.unescape(re.sub(r"<[^>]*>", "", renderer.render(f"**x: {markdown(text)}**")))
    assert one_line(text) in one_line(shown)
    assert not re.search(r"(?<!\\):(?=//)|(?<=www)\.", markdown(text), re.IGNORECASE)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_s_text_makes_no_link_or_call_in_slack(text: str) -> None:
    """In mrkdwn the only `<` are those of our own links to the Ministry."""
    made = told_with(text).slack
    assert set(re.findall(r"<([^|>]*)", made)) == {"https://www.env.go.jp/press/press_05099.html"}
    assert "<!" not in made
    assert "<@" not in made


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_s_text_adds_no_line(text: str) -> None:
    """Plain text has the same lines in the same order, so nothing can pose as our own words.

    No control character is left.
    """
    made, tame = told_with(text), told_with("会合")
    assert len(made.text.splitlines()) == len(tame.text.splitlines())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", made.text)
    assert mail_of(made).count("\n") == mail_of(tame).count("\n")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "",
        "https://",
        "https://www.env.go.jp/a\nb|<>\"')(*",
    ],
)
def test_an_address_is_http_and_ends_where_it_ends(url: str) -> None:
    """Only http(s) becomes a link, and nothing in it can close a bracket or a quote."""
    made = address(url)
    assert made == "" or (
        made.startswith("https://www.env.go.jp/") and not re.search(r"[\s|<>\"'()*\\\[\]]", made)
    )


def test_a_difference_shows_the_place_and_a_little_around_it() -> None:
    """Of a long text only what changed is shown, with a few characters on both sides."""
    text = "前" * 100 + "6月17日" + "後" * 100
    (found,) = differences({**OLD, "body": text}, {**OLD, "body": text.replace("17", "18")})
    (place,) = found.places
    assert place == (
        ("equal", "…" + "前" * 14 + "6月"),
        ("deleted", "17"),
        ("inserted", "18"),
        ("equal", "日" + "後" * 15 + "…"),
    )
    assert AROUND == 16


def test_many_places_are_counted_rather_than_shown() -> None:
    """After five places the message says how many more there are."""
    text = "".join(f"{number}号{'文' * 50}\n" for number in range(9))
    (found,) = differences({**OLD, "body": text}, {**OLD, "body": text.replace("号", "件")})
    assert (len(found.places), found.more) == (5, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一つ目です。二つ目です。", "一つ目です。二つ目です。"),
        ("One. Two.\nThree", "One. Two. Three"),
        ("あ" * 100 + "。" + "い" * 200 + "。", "あ" * 100 + "。"),
        ("", ""),
    ],
)
def test_first_sentences_end_with_a_sentence(text: str, expected: str) -> None:
    """The summary is whole sentences as far as there is room."""
    assert first_sentences(text) == expected
    assert len(first_sentences("長" * 1000)) == SUMMARY


def test_the_credit_is_in_every_form() -> None:
    """Source with its address, licence and who extracted it stand in every message."""
    made = message(notice())
    for body in (made.text, made.html, made.markdown, made.slack):
        plain = body.replace("\\", "")
        for part in ("出典：環境省ホームページ", notice().url, "PDL1.0", "moej", KEY):
            assert part in plain
