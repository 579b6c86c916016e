"""dlt's SCD 2 into DuckDB: `python warehouse_dlt.py FOLDER`, run by a Python that has it.

FOLDER holds one Parquet file for each load (first, unchanged, delta, changed): what the source shows then.
Prints seconds as JSON. The script stands alone: it runs where nothing of this project is installed.
"""

import json
import sys
import time
from pathlib import Path

import dlt
import pyarrow.parquet as pq


def main(folder: Path) -> None:
    """Load the four days and print what each took."""
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=str(folder / "dlt"),
        destination=dlt.destinations.duckdb(str(folder / "dlt.duckdb")),
        dataset_name="archive",
    )
    seconds = {}
    for name in ("first", "unchanged", "delta", "changed"):
        rows = pq.read_table(folder / f"{name}.parquet").to_pylist()
        how = {"disposition": "merge", "strategy": "scd2"}
        begun = time.perf_counter()
        pipeline.run(dlt.resource(rows, name="releases", write_disposition=how))
        seconds[name] = time.perf_counter() - begun
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
