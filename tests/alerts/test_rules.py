"""Reading the tables of moej.toml."""

import tomllib
from datetime import time
from typing import Any

import pytest

from alerts.rules import Rules, load_rules
from extractors.errors import Usage


def read(text: str) -> Rules:
    """Rules from a moej.toml."""
    found = tomllib.loads(text)
    return load_rules(found.get("rules", []), found.get("channels", {}), found.get("alerts", {}))


FULL = """
[alerts]
lang = "en"
digest_at = "07:30"
operator = "ops"
tries = 5

[channels.team]
kind = "apprise"
url_env = "MOEJ_CHANNEL_TEAM"
form = "markdown"

[channels.ops]
kind = "mail"
host = "mail.example.org"
tls = "tls"
from = "moej@example.org"
to = ["ops@example.org"]
user_env = "MOEJ_CHANNEL_OPS_USER"

[[rules]]
name = "india"
where = "list_contains(jcm_countries, 'IN')"
on = ["created", "withdrawn"]
delivery = "digest"
ignore = []
"""


def test_without_rules_there_is_the_default_one() -> None:
    """Nothing configured means: announcements about the JCM, created or corrected."""
    (rule,) = read("").rules
    assert (rule.name, rule.where, rule.on) == ("jcm", "jcm_role = 'subject'", ("created", "corrected"))
    assert rule.channels == ()


def test_everything_can_be_set() -> None:
    """Options, channels and rules come out as they stand in the file, with defaults for the rest."""
    found = read(FULL)
    assert (found.options.lang, found.options.digest_at, found.options.tries) == ("en", time(7, 30), 5)
    team, ops = found.channels
    assert (team.kind, team.form, dict(team.secrets)) == ("apprise", "markdown", {"url": "MOEJ_CHANNEL_TEAM"})
    assert (ops.settings["port"], ops.settings["to"]) == (465, ("ops@example.org",))
    (rule,) = found.rules
    assert (rule.delivery, rule.lang, rule.on, rule.ignore) == ("digest", "en", ("created", "withdrawn"), ())


def test_readers_news_does_not_go_to_the_operator() -> None:
    """A rule that names no channel goes to every channel but the operator's."""
    assert read(FULL).rules[0].channels == ("team",)


WRONG = [
    ('[[rules]]\nname = "a"', "rule 'a': where = None"),
    ('[[rules]]\nname = "a"\nwhere = "true"\nwen = 1', "unknown key 'wen'"),
    (
        '[[rules]]\nname = "a"\nwhere = "true"\non = ["edited"]',
        "on names 'edited'; expected created or changed",
    ),
    (
        '[[rules]]\nname = "a"\nwhere = "true"\nchannels = ["x"]',
        "names 'x'; expected nothing: no channel is set up",
    ),
    (
        '[[rules]]\nname = "a"\nwhere = "true"\n[[rules]]\nname = "a"\nwhere = "true"',
        "two rules are called a",
    ),
    ('[channels.a]\nkind = "pigeon"', "kind = 'pigeon'; expected apprise or webhook or mail"),
    ('[channels.a]\nkind = "webhook"', "url_env is missing"),
    (
        '[channels.a]\nkind = "mail"\nhost = "h"\nfrom = "a@b.org\\nBcc: x@y.org"\nto = ["a@b.org"]',
        "an e-mail address",
    ),
    ('[alerts]\noperator = "x"', "operator = 'x'"),
    ('[alerts]\ndigest_at = "soon"', "digest_at = 'soon'; expected a time of day"),
    ("[alerts]\ntries = 0", "tries = 0; expected a number from 1"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_a_mistake_is_named_with_its_place_and_its_mend(text: str, said: str) -> None:
    """A wrong value says where it stands, what was found and what would be right."""
    with pytest.raises(Usage) as refused:
        read(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "table",
    [
        {"kind": "apprise", "url": "slack://T0/B0/hush"},
        {"kind": "apprise", "url_env": "slack://T0/B0/hush"},
        {"kind": "webhook", "url_env": "MOEJ_X", "secret": "hush"},
        {"kind": "mail", "password": "hush"},
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(table: dict[str, Any]) -> None:
    """A secret where the name of an environment variable belongs is an error that does not show it."""
    with pytest.raises(Usage) as refused:
        load_rules([], {"team": table}, {})
    assert "hush" not in str(refused.value)
    assert "environment variable" in str(refused.value)
