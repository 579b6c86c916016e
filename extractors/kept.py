"""Answers about texts that stand on page after page, kept; those about long texts are not.

A cache counts its entries, not their size: giants of hostile pages would stay in it, each as large as a page.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

LONGEST: Final = 2_000
"""Letters."""

P = ParamSpec("P")
T = TypeVar("T")
Ask = Callable[Concatenate[str, P], T]


def kept(size: int) -> Callable[[Ask[P, T]], Ask[P, T]]:
    """Have a function keep its last `size` answers about texts, its first argument, that are not long."""

    def decorated(ask: Ask[P, T]) -> Ask[P, T]:
        answers: Ask[P, T] = lru_cache(maxsize=size)(ask)

        @wraps(ask)
        def answer(text: str, /, *rest: P.args, **named: P.kwargs) -> T:
            return (answers if len(text) <= LONGEST else ask)(text, *rest, **named)

        return answer

    return decorated
