"""Duplicates between releases: `copy`, `translation` and `sibling` rows of `duplicates`.

One row for each pair: `release_id` is the later of the two (by date, then id), `other_id` the earlier.
Whether two releases are a pair depends on the current texts alone, never on the order in which they came:
load by load gives the same rows as a rebuild. In a long series each release is paired with its nearest in
time, not with every other: a thousand 第N回 would be half a million pairs; the rest is reached from pair to
pair (`docs/cookbook.md`).

Aliases are not written here: identity knows them.
"""

from warehouse.duplicates.compare import Likeness, compare
from warehouse.duplicates.profile import Profile, profile
from warehouse.duplicates.update import update

__all__ = ["Likeness", "Profile", "compare", "profile", "update"]
