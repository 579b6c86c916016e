"""What a person can set: options beat environment, environment beats `moej.toml`, the file beats defaults.

Imports no Prefect: every command reads its settings here, and an analyst's command must start at once.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from extractors.errors import Usage

if TYPE_CHECKING:
    from warehouse import Lake, Place

MINISTRY = "https://www.env.go.jp"
CONFIG_FILE = "moej.toml"


class Recheck(BaseModel):
    """How often known pages are asked again, in days: a page's date does not move when it is corrected."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    daily_within: int = Field(default=14, ge=0)
    weekly_within: int = Field(default=90, ge=0)
    rest_every: int = Field(default=91, ge=1)


class Settings(BaseSettings):
    """All settings of one call; frozen, so that nothing changes under a run."""

    model_config = SettingsConfigDict(
        env_prefix="MOEJ_",
        toml_file=CONFIG_FILE,
        frozen=True,
        extra="forbid",
        nested_model_default_partial_update=True,
    )

    data: Path = Path("data")
    site: str = MINISTRY
    pause: Annotated[float, Field(ge=0, le=3600)] = 3.0
    contact: str | None = None
    # May hold a password, so it shows in no error and no representation.
    warehouse: SecretStr | None = None
    warehouse_data: str | None = None
    # Where the sealed files of the raw archive lie: a folder, or a URL of any place that fsspec reaches.
    raw: str | None = None
    lang: Literal["ja", "en"] = "ja"
    now: datetime | None = None
    request_budget: Annotated[int, Field(ge=1)] = 20_000
    # Files that releases link to: whether they are archived, and how many bytes one may have at most.
    attachments: bool = True
    # Several times as much is in memory, and a record of more than 512 MiB could not be read back.
    max_file: Annotated[int, Field(ge=1, le=256 << 20)] = 64 << 20
    lock_wait: Annotated[float, Field(ge=0)] = 60.0
    workers: Annotated[int, Field(ge=1)] = os.cpu_count() or 1
    accept_drift: bool = False
    recheck: Recheck = Recheck()
    # The alerts room reads these three itself and says there what is wrong with them.
    rules: Annotated[list[dict[str, Any]], NoDecode] = []
    channels: Annotated[dict[str, dict[str, Any]], NoDecode] = {}
    alerts: Annotated[dict[str, Any], NoDecode] = {}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library passes it; a .env is not ours to read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Option, then environment, then `moej.toml`."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def archive(self) -> "Place":
        """Where the archive is: the file everybody opens, or the lake that MOEJ_WAREHOUSE names."""
        return self.lake or self.data / "archive.duckdb"

    @property
    def lake(self) -> "Lake | None":
        """The lake that MOEJ_WAREHOUSE names; None for a file."""
        if self.warehouse is None:
            return None
        from warehouse.stores.lake import lake_of

        data = self.warehouse_data or str((self.data / "lake").resolve())
        return lake_of(self.warehouse.get_secret_value(), data=data, chosen=self.warehouse_data is not None)

    @property
    def log(self) -> Path:
        """The folder of the raw archive; with `raw_url` only what is being written or waits to be sent."""
        return self.data / "warc" if self.raw is None or self.raw_url else Path(self.raw)

    @property
    def raw_url(self) -> str | None:
        """The URL behind which the raw archive lies; None where it lies in the folder `log`."""
        return self.raw if self.raw is not None and "://" in self.raw else None

    @property
    def state(self) -> Path:
        """Operational memory that cannot be derived from the log."""
        return self.data / "state.sqlite"

    @property
    def clock(self) -> Callable[[], datetime]:
        """The clock of this call: the real one in UTC, or MOEJ_NOW standing still.

        A MOEJ_NOW without offset is this machine's local time, as ISO 8601 and DuckDB read it.
        """
        if self.now is None:
            return lambda: datetime.now(UTC)
        fixed = self.now.astimezone(UTC)
        return lambda: fixed


def load_settings(**options: object) -> Settings:
    """Settings with the options that were given (None = not given); `Usage` names the wrong one."""
    given = {key: value for key, value in options.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise Usage(no_setting(place)) from None
        raise Usage(
            f"setting {place!r}: {first['msg']} (found {first.get('input')!r}); "
            f"set it by option, MOEJ_{place.upper()} or {CONFIG_FILE}"
        ) from None
    except ValueError as error:
        raise Usage(f"{CONFIG_FILE}: {error}") from None


def no_setting(place: str) -> str:
    """What to say of a name that is no setting; never its value, which may be a secret."""
    table, _, name = place.rpartition(".")
    known = Recheck.model_fields if table == "recheck" else Settings.model_fields
    near = get_close_matches(name, known, n=1)
    meant = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(sorted(known))}"
    return f"{CONFIG_FILE}: {place!r} is no setting; {meant}"
