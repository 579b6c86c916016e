"""Tables of a lake in a bucket: how DuckDB is told the way and the keys.

Endpoint, region and keys are found as every AWS program finds them (environment, `~/.aws/config`, a role of
the machine), which is how the raw archive on S3 finds them too. The keys go to DuckDB as a secret in memory,
good for the lake's own folder alone: never into the catalogue, a statement that is kept, or a message.
"""

from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlsplit

from extractors.errors import Stop, Usage
from warehouse.tables import literal

SCHEME: Final = "s3://"
EXTENSION: Final = "httpfs"
_AMAZON: Final = (".amazonaws.com", ".amazonaws.com.cn")


def is_object_store(data: str) -> bool:
    """Whether files lie in a bucket rather than in a folder."""
    return data.startswith(SCHEME)


def refuse_unusable(data: str) -> None:
    """`Usage` for a place that no lake can use; it is not quoted where it may hold keys."""
    if "://" not in data:
        return
    if "@" in data or "?" in data:
        # The catalogue keeps the place for all to read.
        raise Usage(
            "MOEJ_WAREHOUSE_DATA holds more than bucket and folder; keys come by the environment, as AWS "
            "programs take them"
        )
    if not is_object_store(data) or "//" in data.removeprefix(SCHEME) or not urlsplit(data).netloc:
        raise Usage(
            f"MOEJ_WAREHOUSE_DATA: found {data!r}, expected a folder that all machines reach by the same "
            "path, or s3://bucket/folder"
        )


@dataclass(frozen=True, slots=True)
class Way:
    """How a bucket is reached: an endpoint such as `s3.example.org:9000`, and keys."""

    endpoint: str
    tls: bool
    region: str
    style: str
    key_id: str
    secret: str = field(repr=False)
    token: str | None = field(repr=False)
    authorities: str | None

    @classmethod
    def found(cls) -> Self:
        """The way that the environment and `~/.aws` say; `Stop` where there are no keys."""
        try:
            import botocore.session  # type: ignore[import-untyped]  # ships no types
            from botocore.exceptions import BotoCoreError  # type: ignore[import-untyped]  # as above
        except ImportError as error:
            raise Stop(
                "a lake in a bucket needs botocore; install moej with it: pip install 'moej[lake,remote]'"
            ) from error
        try:
            return cls._of(botocore.session.Session())
        except BotoCoreError as error:
            raise Stop(f"what AWS programs are told here cannot be used: {error}") from None
        except ValueError:
            # It quotes the address, where somebody may have put keys.
            raise Stop(
                "AWS_ENDPOINT_URL is no address; expected one such as https://s3.example.org"
            ) from None

    @classmethod
    def _of(cls, session: Any) -> Self:
        found = session.get_credentials()
        if found is None:
            raise Stop(
                "no keys for the lake's bucket: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile"
            )
        keys = found.get_frozen_credentials()
        meta = session.create_client("s3").meta
        address = urlsplit(meta.endpoint_url)
        amazon = (address.hostname or "").endswith(_AMAZON)
        asked = (meta.config.s3 or {}).get("addressing_style", "auto")
        return cls(
            # As DuckDB has it: the bucket is not part of Amazon's endpoint, the port is part of any.
            endpoint=address.netloc.rpartition("@")[2],
            tls=address.scheme == "https",
            region=meta.region_name if meta.region_name not in {None, "aws-global"} else "us-east-1",
            style="vhost" if asked == "virtual" or (amazon and asked == "auto") else "path",
            key_id=keys.access_key,
            secret=keys.secret_key,
            token=keys.token,
            authorities=session.get_config_variable("ca_bundle"),
        )

    def statements(self, scope: str) -> list[str]:
        """What DuckDB must be told before it reads or writes under the URL `scope`."""
        said = {
            "KEY_ID": self.key_id,
            "SECRET": self.secret,
            "SESSION_TOKEN": self.token,
            "ENDPOINT": self.endpoint,
            "REGION": self.region,
            "URL_STYLE": self.style,
            "SCOPE": scope,
        }
        parts = [f"{name} {literal(value)}" for name, value in said.items() if value]
        secret = f"CREATE SECRET (TYPE s3, {', '.join(parts)}, USE_SSL {str(self.tls).lower()})"
        trusted = [f"SET ca_cert_file = {literal(self.authorities)}"] if self.authorities else []
        return [secret, *trusted]


def reason(status: int, text: str) -> str:
    """What an answer of the store means, in front of the first line that DuckDB says of it."""
    first = text.strip().partition("\n")[0]
    if status in {401, 403}:
        return f"the store refuses the keys it was given, or their rights: {first}"
    if "NoSuchBucket" in text:
        return f"there is no such bucket; make it first: {first}"
    return first
