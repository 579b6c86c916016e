"""`python -m tests.accuracy`: how often each field is read right on unseen pages, and every miss."""

import argparse
import sys

from tests.accuracy.corpus import pages
from tests.accuracy.score import THRESHOLDS, Miss, Score, by_form, score


def main(arguments: list[str]) -> int:
    """Prints the table and the misses; 1 when a field is below its threshold."""
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--field", help="only the misses of this field")
    parser.add_argument("--page", type=int, help="print this page and leave")
    options = parser.parse_args(arguments)
    if options.page is not None:
        page = list(pages(options.page + 1, options.seed))[-1]
        sys.stdout.write(
            f"{page.form} {page.encoding} {page.url}\n{page.payload.decode(page.encoding.split(',')[0])}\n"
        )
        return 0
    result = score(pages(options.count, options.seed))
    sys.stdout.write(table(result))
    shown = [miss for miss in result.misses if options.field in {None, miss.field}]
    sys.stdout.write("".join(told(miss) for miss in shown))
    return int(any(result.share(field) < least for field, least in THRESHOLDS.items()))


def table(result: Score) -> str:
    """One line a field: right of asked, share, threshold; then the misses by form of page."""
    lines = []
    for field, asked in result.asked.items():
        least = THRESHOLDS.get(field)
        mark = (
            ""
            if least is None
            else f"  at least {least:.0%}{'' if result.share(field) >= least else '  BELOW'}"
        )
        lines.append(f"{field:18} {result.right[field]:4} of {asked:4}  {result.share(field):7.2%}{mark}")
    for form, misses in sorted(by_form(result).items()):
        lines.append(
            f"misses on {form}: " + ", ".join(f"{field} {count}" for field, count in misses.most_common())
        )
    return "\n".join(lines) + "\n"


def told(miss: Miss) -> str:
    """A miss in three lines."""
    page = miss.page
    return (
        f"\npage {page.number} ({page.form}, {page.encoding}) {miss.field}\n"
        f"  expected {miss.expected!r}\n  got      {miss.got!r}\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
