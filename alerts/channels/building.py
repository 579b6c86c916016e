"""From what `moej.toml` names and the environment holds to a channel that can send."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from alerts.channels import webhook
from alerts.channels.base import Channel
from alerts.channels.mail import Connect, Mail
from alerts.channels.secrets import Secret, hush, secret_of
from alerts.rules import ChannelSpec


@dataclass(frozen=True, slots=True)
class Transports:
    """What carries the bytes, where it should not be the network; for tests and rehearsals."""

    http: httpx.BaseTransport | None = None
    smtp: Connect | None = None


def build(
    spec: ChannelSpec, environ: Mapping[str, str], transports: Transports, *, seconds: float
) -> Channel:
    """The channel; `NotSetUp` says what the environment lacks."""
    hush()
    secrets = {
        name: secret_of(environ, variable, channel=spec.name) for name, variable in spec.secrets.items()
    }
    if spec.kind == "mail":
        return _mail(spec, secrets, transports, seconds=seconds)
    if spec.kind == "apprise":
        # Apprise takes a quarter of a second to import; most calls send nothing by it.
        from alerts.channels import push

        return push.checked(secrets["url"], spec.form, channel=spec.name)
    return webhook.Webhook(
        url=webhook.checked(secrets["url"], channel=spec.name),
        secret=secrets.get("secret"),
        form=spec.form,
        seconds=seconds,
        transport=transports.http,
    )


def _mail(
    spec: ChannelSpec, secrets: Mapping[str, Secret], transports: Transports, *, seconds: float
) -> Mail:
    settings = spec.settings
    return Mail(
        host=settings["host"],
        port=int(settings["port"]),
        sender=settings["from"],
        to=settings["to"],
        tls=settings["tls"],
        user=secrets.get("user"),
        password=secrets.get("password"),
        seconds=seconds,
        connect=transports.smtp,
    )
