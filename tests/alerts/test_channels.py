"""What goes over the wire, channel by channel, and what never does."""

import hashlib
import hmac
import json
import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from alerts.channels import Message, NotSetUp, Transports, build
from alerts.channels.mail import Mail
from alerts.channels.push import uncalled
from alerts.channels.secrets import Secret
from alerts.channels.webhook import Webhook, retry_after, sign
from alerts.rules import ChannelSpec
from tests.alerts.newsroom import Receiver

NOW = datetime(2026, 6, 11, 9, 0, tzinfo=UTC)
MESSAGE = Message(
    key="0123456789abcdef0123456789abcdef",
    subject="[moej] [新規] 日・インド間のJCM合同委員会",
    text="本文です。\n",
    html="<p>本文です。</p>\n",
    markdown="**本文です。**\n",
    slack="*本文です。*\n",
    sent_at=NOW,
    data={"type": "instant", "releases": []},
)


class Mailbox:
    """A mail server's inbox; what it answers can be set."""

    def __init__(self) -> None:
        self.got: list[tuple[Envelope, EmailMessage]] = []
        self.answer = "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep a mail."""
        content = cast("bytes", envelope.content)
        self.got.append((envelope, message_from_bytes(content, policy=policy.default)))
        return self.answer


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    """A real SMTP server on loopback, and its port."""
    box = Mailbox()
    # The controller greets its own server by the number it was given, so 0 will not do.
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


def mail(port: int) -> Mail:
    """A mail channel to that server."""
    return Mail(
        host="127.0.0.1",
        port=port,
        sender="moej@example.org",
        to=("a@example.org", "b@example.org"),
        tls="none",
    )


def test_a_mail_arrives_whole(mailbox: tuple[Mailbox, int]) -> None:
    """Both readers get one mail with text and HTML, and a Message-ID made of the key."""
    box, port = mailbox
    assert mail(port).send(MESSAGE).delivered
    ((envelope, got),) = box.got
    assert envelope.rcpt_tos == ["a@example.org", "b@example.org"]
    assert got["Message-ID"] == "<0123456789abcdef0123456789abcdef@example.org>"
    assert got["Subject"] == MESSAGE.subject
    bodies = {part.get_content_type(): part.get_content() for part in got.walk() if not part.is_multipart()}
    assert {kind: body.replace("\r\n", "\n") for kind, body in bodies.items()} == {
        "text/plain": MESSAGE.text,
        "text/html": MESSAGE.html,
    }


HOSTILE = [
    "会合\r\nBcc: everybody@example.net",
    "会合\nContent-Type: text/html\n\n<script>",
    "a" * 5000,
    "会合\x00\x0b\x85\u2028Bcc: x@example.net",
    "=?utf-8?q?=0D=0ABcc:_x@example.net?=",
    "\u202eetad gnineppah",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_cannot_add_a_header(title: str) -> None:
    """Whatever a title holds, the mail has the same headers, each on its own line, and the same readers."""
    made = mail(25).letter(replace(MESSAGE, subject=title))
    back = message_from_bytes(made.as_bytes(), policy=policy.default)
    assert back.keys() == mail(25).letter(MESSAGE).keys()
    assert back["Bcc"] is None
    assert str(back["To"]) == "a@example.org, b@example.org"
    assert "\u202e" not in str(back["Subject"])


def test_a_reply_stands_in_its_thread(mailbox: tuple[Mailbox, int]) -> None:
    """A later translation refers to the mail of the original."""
    box, port = mailbox
    mail(port).send(replace(MESSAGE, key="b" * 32, reply_to="a" * 32))
    assert box.got[0][1]["In-Reply-To"] == f"<{'a' * 32}@example.org>"


def test_a_mail_server_that_says_no_has_not_delivered(mailbox: tuple[Mailbox, int]) -> None:
    """A refusal, and a server that is not there, are failures with nothing of what it wrote but the code."""
    box, port = mailbox
    box.answer = "451 try later, hush"
    refused = mail(port).send(MESSAGE)
    assert (refused.delivered, refused.detail) == (False, "SMTP 451")
    assert mail(1).send(MESSAGE).detail == "no delivery: ConnectionRefusedError"


def test_a_webhook_is_signed_and_carries_its_key() -> None:
    """The receiver can check who sent it and tell a repeat."""
    with Receiver().listening() as receiver:
        assert Webhook(Secret(receiver.url), Secret("k")).send(MESSAGE).delivered
    ((headers, body),) = receiver.got
    assert headers["idempotency-key"] == json.loads(body)["id"] == MESSAGE.key
    assert headers["x-moej-signature"] == "sha256=" + hmac.new(b"k", body, hashlib.sha256).hexdigest()
    assert sign(Secret("other"), body) != headers["x-moej-signature"]


def test_a_webhook_can_speak_slack() -> None:
    """With form slack the body is what an incoming webhook of Slack expects."""
    body = Webhook(Secret("https://hooks.example.org"), form="slack").body(MESSAGE)
    assert json.loads(body) == {"text": MESSAGE.slack}


def test_a_redirect_is_not_followed_and_an_endless_answer_not_read() -> None:
    """The message goes to the address that was set and nowhere else, and the answer's body is left alone."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(307, headers={"Location": "https://elsewhere.example.org/"})

    hook = Webhook(Secret("https://hooks.example.org/x"), transport=httpx.MockTransport(answer))
    assert hook.send(MESSAGE).detail == "HTTP 307"
    assert asked == ["https://hooks.example.org/x"]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("Thu, 11 Jun 2026 09:02:00 GMT", 120),
        ("999999", 86400),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, seconds: float | None) -> None:
    """Seconds or a date, at most a day; nonsense is nothing."""
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/hush",
        "file:///etc/hush",
        "ftp://127.0.0.1/hush",
        "hush",
        "http://10.0.0.1/hush",
    ],
)
def test_only_https_or_this_machine(url: str) -> None:
    """An address in the clear to another machine is refused, without being repeated."""
    spec = ChannelSpec("team", "webhook", secrets={"url": "MOEJ_CHANNEL_TEAM"})
    with pytest.raises(NotSetUp) as refused:
        build(spec, {"MOEJ_CHANNEL_TEAM": url}, Transports(), seconds=1)
    assert "team" in str(refused.value)
    assert "hush" not in str(refused.value)


def test_apprise_takes_the_message_in_its_form() -> None:
    """A service behind Apprise gets subject and body.

    An address nobody knows is refused without being repeated.
    """
    spec = ChannelSpec("chat", "apprise", secrets={"url": "MOEJ_CHANNEL_CHAT"})
    with Receiver().listening() as receiver:
        url = receiver.url.replace("http://", "json://")
        channel = build(spec, {"MOEJ_CHANNEL_CHAT": url}, Transports(), seconds=5)
        assert channel.send(MESSAGE).delivered
        receiver.answers = [(500, {})]
        assert not channel.send(MESSAGE).delivered
    sent = json.loads(receiver.got[0][1])
    assert (sent["title"], sent["message"].strip()) == (MESSAGE.subject, MESSAGE.text.strip())
    with pytest.raises(NotSetUp) as refused:
        build(spec, {"MOEJ_CHANNEL_CHAT": "pigeon://hush"}, Transports(), seconds=5)
    assert "hush" not in str(refused.value)


def test_services_that_render_markdown_are_given_markdown() -> None:
    """A title cannot become a link in a chat that renders Markdown whether told so or not."""
    spec = ChannelSpec("chat", "apprise", secrets={"url": "X"})
    channel: Any = build(spec, {"X": "discord://123456789012345678/abcdefghij"}, Transports(), seconds=5)
    assert channel.form == "markdown"


@pytest.mark.parametrize("text", ["@everyone", "<!channel>", "<@U123|x>", "!here>"])
def test_nobody_is_called_by_a_title(text: str) -> None:
    """What services turn into a call to all is broken up, and reads the same."""
    assert text not in uncalled(text)
    assert uncalled(text).replace("\u200b", "") == text


def test_secrets_show_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    """Neither logs at every level, nor answers, nor the look of any object hold a secret."""
    caplog.set_level(logging.DEBUG)
    with Receiver().listening() as receiver:
        urls = {
            "webhook": f"{receiver.url}/hush",
            "apprise": f"{receiver.url}/hush".replace("http:", "json:"),
        }
        shown: list[object] = []
        for kind, url in urls.items():
            spec = ChannelSpec("team", kind, secrets={"url": "X"})
            for status in (200, 500):
                receiver.answers = [(status, {})]
                channel = build(spec, {"X": url}, Transports(), seconds=5)
                shown += [spec, channel, channel.send(MESSAGE)]
    dead = build(
        ChannelSpec("team", "webhook", secrets={"url": "X"}),
        {"X": "http://127.0.0.1:1/hush"},
        Transports(),
        seconds=1,
    )
    shown += [dead, dead.send(MESSAGE)]
    assert len(receiver.got) == 4
    assert "hush" not in repr(shown) + caplog.text


def test_a_secret_does_not_show_itself() -> None:
    """However it is printed, a secret is a placeholder."""
    secret = Secret("hush")
    ways: list[Callable[[object], str]] = [
        repr,
        str,
        "{}".format,
        "{:>20}".format,
        lambda one: f"{one!r} {[one]}",
    ]
    assert all("hush" not in way(secret) for way in ways)
    assert secret.reveal() == "hush"
