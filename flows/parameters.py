"""Parameters that flows share, and what is refused in the form.

Their meaning stands in each flow's `Args`: that is where Prefect reads what it shows beside a field.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

Data = Path | None
SiteUrl = str | None
Pause = Annotated[float | None, Field(ge=0, le=3600)]
Contact = str | None
Lang = Literal["ja", "en"] | None
Now = datetime | None
