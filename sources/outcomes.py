"""How a request can end without an answer: names that the ledger counts by."""

from extractors.errors import Skip, Transient


class NoAnswer(Transient):
    """A request that brought no answer; `reason` is one word for counting."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


class NotAsked(Skip):
    """A page that may not or cannot be asked: `robots`, `elsewhere`, `loop`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail
