"""Keep a small archive as each step of the migrations leaves it: `python -m tests.warehouse.keep`.

A kept file is never made anew once its step was released: it is what users have.
"""

import gzip
import tempfile
from datetime import timedelta
from pathlib import Path

from duckdb import DuckDBPyConnection

from tests.warehouse.world import START, MemoryLog, Run, page, read, read_listing, text
from warehouse import FileDraft, materialise
from warehouse.follow import FOLLOWERS
from warehouse.migrate import migrate, migrations
from warehouse.stores.archive import create

FOLDER = Path(__file__).parent / "databases"
FIRST = 12
"""The last step of the first release; what came before it nobody ever had."""
TITLES = ["第1回会合", "第1回会合の結果"]


def log() -> MemoryLog:
    """Two runs: a release that is corrected, and a page that cannot be read."""
    made = MemoryLog()
    for day, title in enumerate(TITLES):
        one = Run(made, at=START + timedelta(days=day))
        one.get(page(1), text(title))
        if day == 0:
            one.get(page(2), b"junk")
        one.seal()
    return made


def write(db: DuckDBPyConnection) -> None:
    """Load the two runs."""
    draft = FileDraft(path=FOLDER, origin=FOLDER / "none", state=FOLDER / "none", db=db)
    materialise(
        draft,
        log(),
        read=read,
        read_listing=read_listing,
        extractor_version="1",
        follow=FOLLOWERS,
        clock=lambda: START,
    )


def keep(number: int) -> None:
    """Write the archive as the steps up to `number` make it, unless it is kept already."""
    kept = FOLDER / f"{number:04d}.duckdb.gz"
    if kept.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.duckdb"
        db = create(path)
        migrate(db, [step for step in migrations() if step.number <= number])
        write(db)
        db.execute("CHECKPOINT")
        db.close()
        kept.write_bytes(gzip.compress(path.read_bytes(), mtime=0))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    keep(migrations()[-1].number)
