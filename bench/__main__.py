"""All benchmarks at their small sizes, one after the other: `python -m bench`.

Each is a module with a command of its own; `python -m bench.NAME --help` tells its larger sizes. Peers that
are not installed are named and left out.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

HELPERS: Final = frozenset(
    {"__main__", "__init__", "warehouse_corpus", "warehouse_dlt", "alerts_kill", "scale_versions"}
)


def main() -> int:
    """Run every benchmark in a process of its own; 1 if any of them failed."""
    failed = []
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem in HELPERS:
            continue
        print(f"== bench.{path.stem}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{path.stem}"], check=False).returncode:
            failed.append(path.stem)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
