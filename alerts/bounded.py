"""A call that may hang, given a time; what is not back by then is left behind."""

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class OutOfTimeError(Exception):
    """The call did not come back in time. It may still be at work; nobody waits for it any more."""


def within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` gives, or what it raises; `OutOfTimeError` if it takes longer.

    Time limits of network libraries are per read: a peer that sends a byte now and then keeps them happy for
    hours.
    """
    outcome: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(call())
        except BaseException as error:  # noqa: BLE001 - raised again below, in the thread that waits
            failure.append(error)

    # A daemon, so that a call that never ends does not keep the process from ending.
    worker = threading.Thread(target=run, name="moej-send", daemon=True)
    worker.start()
    worker.join(seconds)
    if worker.is_alive():
        raise OutOfTimeError(f"no answer within {seconds:g} s")
    if failure:
        raise failure[0]
    return outcome[0]
