"""Apprise: about a hundred services by one kind of address (slack://…, mailto://…, ntfy://…)."""

import re
import warnings
from dataclasses import dataclass
from typing import Final

import apprise

from alerts.channels.base import Answer, Message, NotSetUp
from alerts.channels.secrets import Secret
from alerts.messages.clean import one_line

_FORMATS: Final = {
    "text": apprise.NotifyFormat.TEXT,
    "html": apprise.NotifyFormat.HTML,
    "markdown": apprise.NotifyFormat.MARKDOWN,
}


RENDER_MARKDOWN: Final = frozenset(
    [
        "discord",
        "gchat",
        "gitlab",
        "guilded",
        "mastodon",
        "matrix",
        "matrixs",
        "misskey",
        "mmost",
        "mmosts",
        "msteams",
        "rocket",
        "rockets",
        "slack",
        "tgram",
        "toot",
        "webexteams",
        "wxteams",
        "workflow",
        "workflows",
        "zulip",
    ]
)
"""Services that take Markdown whether told so or not: plain text from a page would be rendered there."""
_CALL: Final = re.compile(r"([@!])(?=\S)")


@dataclass(frozen=True, slots=True)
class Push:
    """One Apprise address, and the form its service is given."""

    url: Secret
    form: str = "text"

    def send(self, message: Message) -> Answer:
        """Hand it to the service.

        Apprise says yes or no and keeps the reason for its log, which may hold the address.
        """
        post = self._post()
        try:
            done = post.notify(
                title=uncalled(one_line(message.subject)),
                body=uncalled(message.form(self.form)),
                body_format=_FORMATS[self.form],
            )
        except Exception as error:  # noqa: BLE001 - a hundred plugins, and one that breaks must not stop the others
            return Answer(delivered=False, detail=f"the service could not be told: {type(error).__name__}")
        return Answer(delivered=bool(done), detail="accepted" if done else "the service did not take it")

    def _post(self) -> apprise.Apprise:
        # At the first call Apprise imports all its plugins, some of which import what Python deprecates.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return self._loaded()

    def _loaded(self) -> apprise.Apprise:
        # No storage, no plugins from disk, no escapes: a message is text, whatever it looks like.
        asset = apprise.AppriseAsset(
            app_id="moej", plugin_paths=[], interpret_escapes=False, async_mode=False, storage_mode="memory"
        )
        post = apprise.Apprise(asset=asset)
        post.add(self.url.reveal())
        return post


def uncalled(text: str) -> str:
    """Text that calls nobody: services turn @everyone and !channel> into a call to all, quoted or not."""
    return _CALL.sub("\\1\u200b", text)


def checked(url: Secret, form: str | None, *, channel: str) -> Push:
    """The channel, if Apprise knows such an address; `NotSetUp` without repeating it if not."""
    scheme = url.reveal().partition("://")[0].lower()
    push = Push(url, form or ("markdown" if scheme in RENDER_MARKDOWN else "text"))
    if len(push._post()) != 1:  # noqa: SLF001 - of this module
        raise NotSetUp(f"channel {channel!r}: Apprise does not understand its address")
    return push
