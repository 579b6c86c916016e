"""E-mail to an SMTP server: plain text and HTML, one stable Message-ID per message."""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from alerts.channels.base import Answer, Message
from alerts.channels.secrets import Secret
from alerts.messages.clean import one_line

Connect = Callable[[str, int, float], smtplib.SMTP]
_SUBJECT: Final = 250
"""Characters of a subject; longer ones are cut, since some servers refuse them."""


def smtp(host: str, port: int, seconds: float) -> smtplib.SMTP:
    """A connection in the clear, to be upgraded by STARTTLS."""
    return smtplib.SMTP(host, port, timeout=seconds)


def smtp_tls(host: str, port: int, seconds: float) -> smtplib.SMTP:
    """A connection under TLS from the first byte."""
    return smtplib.SMTP_SSL(host, port, timeout=seconds, context=ssl.create_default_context())


@dataclass(frozen=True, slots=True)
class Mail:
    """A mailbox or several behind one server; `tls` is `starttls`, `tls` or `none`."""

    host: str
    port: int
    sender: str
    to: tuple[str, ...]
    tls: str = "starttls"
    user: Secret | None = None
    password: Secret | None = None
    seconds: float = 30.0
    connect: Connect | None = None

    def send(self, message: Message) -> Answer:
        """Hand the message to the server; delivered means that it took it for at least one reader."""
        try:
            with self._server() as server:
                if self.tls == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self.user is not None and self.password is not None:
                    server.login(self.user.reveal(), self.password.reveal())
                refused = server.send_message(self.letter(message), self.sender, list(self.to))
        except smtplib.SMTPResponseException as error:
            return Answer(delivered=False, detail=f"SMTP {error.smtp_code}")
        except smtplib.SMTPRecipientsRefused as error:
            codes = sorted({str(code) for code, _ in error.recipients.values()})
            return Answer(delivered=False, detail=f"SMTP {' '.join(codes)}: no reader was accepted")
        except (smtplib.SMTPException, OSError) as error:
            return Answer(delivered=False, detail=f"no delivery: {type(error).__name__}")
        # Telling the others again because one address is wrong would double the message for them.
        return Answer(delivered=True, detail=f"accepted, {len(refused)} refused" if refused else "accepted")

    def _server(self) -> smtplib.SMTP:
        connect = self.connect or (smtp_tls if self.tls == "tls" else smtp)
        return connect(self.host, self.port, self.seconds)

    def letter(self, message: Message) -> EmailMessage:
        """The mail as it goes out. Every header is one line whatever a page's title holds."""
        mail = EmailMessage(policy=SMTP)
        mail["Subject"] = _subject(message.subject)
        mail["From"] = Address("moej", addr_spec=self.sender)
        mail["To"] = [Address(addr_spec=one) for one in self.to]
        mail["Date"] = format_datetime(message.sent_at)
        mail["Message-ID"] = self._id(message.key)
        if message.reply_to is not None:
            mail["In-Reply-To"] = self._id(message.reply_to)
            mail["References"] = self._id(message.reply_to)
        mail["Idempotency-Key"] = message.key
        # Nobody's out-of-office note should answer a program.
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text, cte="base64")
        mail.add_alternative(message.html, subtype="html", cte="base64")
        mail.set_boundary(f"moej-{message.key}")
        return mail

    def _id(self, key: str) -> str:
        return f"<{key}@{self.sender.rpartition('@')[2]}>"


def _subject(text: str) -> str:
    """One line that stays one: the library decodes =?…?= in what it is given, line breaks in it and all."""
    return one_line(text).replace("=?", "= ?")[:_SUBJECT]
