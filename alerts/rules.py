"""What `moej.toml` says of alerts: rules, channels and a few options, checked when read.

[alerts]                      [channels.team]                        [[rules]]
digest_at = "08:00"           kind = "apprise"                       name = "india"
operator = "ops"              url_env = "MOEJ_CHANNEL_TEAM"          where = "jcm_kind = 'credits'"
                                                                     on = ["created", "corrected"]

A secret is never in the file: a channel names the environment variable that holds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Final

from alerts.tables import Table
from alerts.where import check_where
from extractors.errors import Usage

CHANGES: Final = ("created", "changed", "withdrawn", "restored", "corrected", "attachment", "recognised")
"""What a rule can be `on`; `corrected` and `attachment` are also `changed`."""
LANGS: Final = ("ja", "en")
DELIVERIES: Final = ("instant", "digest")
FORMS: Final = {"apprise": ("text", "html", "markdown"), "webhook": ("json", "slack"), "mail": ()}
"""By kind of channel, the forms of message to choose from."""
IGNORABLE: Final = ("contacts", "links", "categories", "attachments")


@dataclass(frozen=True, slots=True)
class Rule:
    """Who is told what: a condition, the changes it is for, and where its alerts go.

    `history` also tells of what backfill and import bring. A change of nothing but the fields in `ignore` is
    held.
    """

    name: str
    where: str
    on: tuple[str, ...] = ("created", "corrected")
    channels: tuple[str, ...] = ()
    delivery: str = "instant"
    lang: str = "ja"
    history: bool = False
    ignore: tuple[str, ...] = ("contacts", "links")


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """A channel as the file names it.

    `secrets` maps what is secret to the environment variable that holds it.
    """

    name: str
    kind: str
    form: str | None = None
    secrets: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Options:
    """The table `[alerts]`. Times of day are of Asia/Tokyo; `send_within` is seconds for one message."""

    lang: str = "ja"
    digest_at: time = time(8, 0)
    operator: str | None = None
    heartbeat: str | None = None
    heartbeat_at: time = time(9, 0)
    tries: int = 20
    send_within: float = 30.0
    feed_url: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """All that was configured, checked against itself."""

    rules: tuple[Rule, ...]
    channels: tuple[ChannelSpec, ...] = ()
    options: Options = Options()

    def rule(self, name: str) -> Rule:
        """The rule of that name; `Usage` names those there are."""
        for one in self.rules:
            if one.name == name:
                return one
        raise Usage(f"no rule {name!r} in moej.toml; there are: {', '.join(one.name for one in self.rules)}")


def load_rules(
    rules: Sequence[Mapping[str, Any]], channels: Mapping[str, Mapping[str, Any]], alerts: Mapping[str, Any]
) -> Rules:
    """The three tables of `moej.toml`, checked; `Usage` says which line is wrong and what would be right.

    Without rules there is one, `jcm`: `jcm_role = 'subject'`, created or corrected, to every channel but the
    operator's.
    """
    specs = tuple(_channel(name, table) for name, table in channels.items())
    names = tuple(spec.name for spec in specs)
    options = _options(alerts, names)
    readers = tuple(name for name in names if name != options.operator)
    tables = rules or ({"name": "jcm", "where": "jcm_role = 'subject'"},)
    made = tuple(
        _rule(table, at, names=names, readers=readers, lang=options.lang) for at, table in enumerate(tables)
    )
    twice = {one.name for one in made if sum(one.name == other.name for other in made) > 1}
    if twice:
        raise Usage(f"moej.toml: two rules are called {', '.join(sorted(twice))}; a name stands for one rule")
    return Rules(made, specs, options)


def _rule(
    given: Mapping[str, Any], at: int, *, names: tuple[str, ...], readers: tuple[str, ...], lang: str
) -> Rule:
    table = Table(given, place=f"rule {given.get('name', f'number {at + 1}')!r}")
    name = table.text("name")
    rule = Rule(
        name=name,
        where=table.text("where"),
        on=table.words("on", CHANGES, default=("created", "corrected")),
        channels=table.words("channels", names, default=readers, empty=True),
        delivery=table.word("delivery", DELIVERIES, default="instant"),
        lang=table.word("lang", LANGS, default=lang),
        history=table.flag("history"),
        ignore=table.words("ignore", IGNORABLE, default=("contacts", "links"), empty=True),
    )
    table.done()
    check_where(rule.where, rule=name)
    return rule


_SECRETS: Final = {
    "apprise": ("url",),
    "webhook": ("url", "secret"),
    "mail": ("user", "password"),
}
"""By kind of channel, what must come from the environment."""
_NEEDED: Final = {"apprise": ("url",), "webhook": ("url",), "mail": ()}


def _channel(name: str, given: Mapping[str, Any]) -> ChannelSpec:
    table = Table(given, place=f"channel {name!r}")
    kind = table.word("kind", tuple(_SECRETS), default=None)
    for secret in _SECRETS[kind]:
        if secret in given:
            # The value itself is not repeated: this line may end in a log.
            raise Usage(
                f"channel {name!r}: {secret} stands in moej.toml; put it into an environment variable "
                f'and name that: {secret}_env = "MOEJ_CHANNEL_{name.upper().replace("-", "_")}"'
            )
    secrets = {
        secret: table.variable(f"{secret}_env", needed=secret in _NEEDED[kind])
        for secret in _SECRETS[kind]
        if f"{secret}_env" in given or secret in _NEEDED[kind]
    }
    form = table.word("form", FORMS[kind], default="") or None
    settings = _mail(table) if kind == "mail" else {}
    table.done()
    return ChannelSpec(name, kind, form, secrets, settings)


def _mail(table: Table) -> dict[str, Any]:
    tls = table.word("tls", ("starttls", "tls", "none"), default="starttls")
    return {
        "host": table.text("host"),
        "port": table.number(
            "port", default={"starttls": 587, "tls": 465, "none": 25}[tls], low=1, high=65535
        ),
        "tls": tls,
        "from": table.address("from"),
        "to": table.addresses("to"),
    }


def _options(given: Mapping[str, Any], names: tuple[str, ...]) -> Options:
    table = Table(given, place="[alerts]")
    options = Options(
        lang=table.word("lang", LANGS, default="ja"),
        digest_at=table.clock("digest_at", default=time(8, 0)),
        operator=table.word("operator", names, default="") or None,
        heartbeat=table.word("heartbeat", names, default="") or None,
        heartbeat_at=table.clock("heartbeat_at", default=time(9, 0)),
        tries=int(table.number("tries", default=20, low=1, high=1000)),
        send_within=table.number("send_within", default=30.0, low=0.1, high=600),
        feed_url=table.text("feed_url", default="") or None,
    )
    table.done()
    return options
