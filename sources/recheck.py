"""Which known pages are due to be asked again: a rule over dates, with no clock or archive of its own."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from extractors.site import JAPAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How often a known page is asked again, by its age in days since publication.

    Up to `daily_within` days: on every run, at least `daily_every` apart. Up to `weekly_within`: when
    `weekly_every` days have passed. All others once in `rest_every` days, a slice each day.
    """

    daily_within: int
    weekly_within: int
    rest_every: int
    weekly_every: int = 7
    daily_every: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Aged:
    """A page the archive knows: when it was published, when it was last asked.

    `doubtful` means that the last answer was neither good nor unchanged nor a withdrawal already
    confirmed: such a page is asked again a day later, whatever its age. `listed` means that the lists of
    the last daily run name it: a daily run asks for those anyway.
    """

    page: str
    published_on: date
    asked_at: datetime
    doubtful: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Cost:
    """What a policy costs: pages in each group, and requests on an average day."""

    daily: int
    weekly: int
    rest: int
    requests_a_day: float


def due(pages: Iterable[Aged], *, now: datetime, policy: Policy) -> tuple[str, ...]:
    """The pages to ask now, newest first.

    Of the old pages one slice is due each day; those that missed their slice for a whole round follow, oldest
    request first, at most two slices at a time, so that a machine that was off does not ask for all at once.
    """
    wanted: list[Aged] = []
    old: list[Aged] = []
    today = now.astimezone(JAPAN).date()
    for each in pages:
        age = (today - each.published_on).days
        if age <= policy.daily_within:
            wanted += [each] * (now - each.asked_at >= policy.daily_every)
        elif age <= policy.weekly_within:
            wanted += [each] * _passed(each, today, 1 if each.doubtful else policy.weekly_every)
        else:
            old.append(each)
    wanted += _slice(old, today, policy)
    return tuple(
        each.page for each in sorted(wanted, key=lambda each: (-each.published_on.toordinal(), each.page))
    )


def cost(pages: Iterable[Aged], *, today: date, policy: Policy) -> Cost:
    """How many pages each group has today and how many requests a day that makes; listed ones are daily."""
    ages = [0 if _is_listed(each, today) else (today - each.published_on).days for each in pages]
    daily = sum(age <= policy.daily_within for age in ages)
    weekly = sum(policy.daily_within < age <= policy.weekly_within for age in ages)
    rest = len(ages) - daily - weekly
    return Cost(daily, weekly, rest, daily + weekly / policy.weekly_every + rest / policy.rest_every)


def _is_listed(each: Aged, today: date) -> bool:
    """Whether the lists name it by now; what they said before the last day is out of date."""
    return each.listed and not _passed(each, today, 2)


def _slice(old: list[Aged], today: date, policy: Policy) -> list[Aged]:
    day = today.toordinal() % policy.rest_every
    doubtful = [each for each in old if each.doubtful and _passed(each, today, 1)]
    mine = [
        each
        for each in old
        if not each.doubtful and slot(each.page, policy) == day and _passed(each, today, policy.weekly_every)
    ]
    taken = {each.page for each in (*doubtful, *mine)}
    late = [each for each in old if each.page not in taken and _passed(each, today, policy.rest_every)]
    late.sort(key=lambda each: (each.asked_at, each.page))
    return doubtful + mine + late[: 2 * math.ceil(len(old) / policy.rest_every)]


def slot(page: str, policy: Policy) -> int:
    """The day of the round on which a page is due: by its name, so that it never moves."""
    return int.from_bytes(sha256(page.encode("utf-8")).digest()[:8], "big") % policy.rest_every


def _passed(each: Aged, today: date, days: int) -> bool:
    """Days on the calendar of Japan: a daily job that starts a minute early must not skip a day."""
    return (today - each.asked_at.astimezone(JAPAN).date()).days >= days
