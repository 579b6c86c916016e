"""The circuit breaker: a server in trouble, or one that does not want us, is left alone."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from extractors.errors import Stop
from sources.captures import Capture
from sources.verdict import BLOCKED, MAINTENANCE

TROUBLE: Final = frozenset({BLOCKED, MAINTENANCE})
# A page that is merely longer than we take, or has no end tag, says nothing about the server.
CUT: Final = frozenset({"disconnect", "time"})


@dataclass(slots=True)
class Breaker:
    """Counts pages in a row that failed by the server's fault; `Stop` at the limit."""

    limit: int
    _in_a_row: int = field(default=0, init=False)

    def answered(self, capture: Capture) -> None:
        """Count an answer: server errors, refusals and maintenance pages are failures, all else mends."""
        server_error = capture.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        if server_error or capture.verdict in TROUBLE or capture.truncated in CUT:
            self.failed(f"{capture.page} answered {capture.status} ({capture.verdict})")
        else:
            self._in_a_row = 0

    def failed(self, detail: str) -> None:
        """Count a page that brought no answer or no good one."""
        self._in_a_row += 1
        if self._in_a_row >= self.limit:
            raise Stop(
                f"{self._in_a_row} pages in a row failed at the site, the last one: {detail}; "
                "the run ends here so as not to burden it; what was fetched is kept, run again later"
            )
