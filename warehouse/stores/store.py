"""The one place that says which back end an archive is on."""

from collections.abc import Callable
from pathlib import Path

from warehouse.stores.archive import Archive
from warehouse.stores.draft import Place, Store
from warehouse.stores.lake import Lake
from warehouse.stores.lake_archive import LakeArchive


def store(
    place: Place, state: Path, *, lock_wait: float = 600.0, on_wait: Callable[[str], None] | None = None
) -> Store:
    """What loads into the archive at a place; `state` is the file of operational memory beside a lake.

    A file has it in its own folder.
    """
    if isinstance(place, Lake):
        return LakeArchive(place, state, lock_wait=lock_wait, on_wait=on_wait)
    return Archive(place, lock_wait=lock_wait, on_wait=on_wait)
