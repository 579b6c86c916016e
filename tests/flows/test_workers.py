"""A rebuild whose reading is spread over workers makes the same archive, wherever its slices are read."""

import pickle
import random
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import extractors
from extractors.errors import Stop, Usage
from flows import steps
from flows.settings import Settings
from flows.workers import _reaching, dask_workers
from sources import Held, Log
from tests.flows.seasons import two_days
from warehouse import digest, open_archive
from warehouse.crew import in_order
from warehouse.slices import Slab, Slice, Workers, slices_of


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An archive after two days."""
    return two_days(tmp_path_factory.mktemp("workers") / "data")


def digest_of(settings: Settings) -> str:
    """The one value over an archive's contents."""
    with open_archive(settings.archive) as archive:
        return digest(archive.db)


def far(settings: Settings, asked: list[Slice]) -> Workers:
    """Workers elsewhere: slices go there and come back as bytes, and are read in any order."""

    def read(part: Slice) -> bytes:
        place = (settings.log, settings.raw_url)
        sent = pickle.loads(pickle.dumps(part))  # noqa: S301 - ours
        return pickle.dumps(steps.read_slice(*place, sent, extractors.EXTRACTOR_VERSION))

    def read_all(parts: Iterable[Slice]) -> Iterator[Slab]:
        asked.extend(parts)
        shuffled = random.Random(7).sample(asked, len(asked))  # noqa: S311 - any order will do
        done = {part: read(part) for part in shuffled}
        return (pickle.loads(done[part]) for part in asked)  # noqa: S301 - our own bytes

    return Workers(steps.log_of(settings), read_all, spread=map)


def test_slices_read_in_any_order_make_the_same_archive(
    kept: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut after every third capture, read at random, put together: versions and ledger are the same."""
    monkeypatch.setattr("warehouse.slices.slices_of", partial(slices_of, pages=3))
    before, asked = digest_of(kept), list[Slice]()
    loaded = steps.rebuild(kept, workers=far(kept, asked))
    assert len(asked) > 8
    assert loaded.files == tuple(file.name for file in steps.log_of(kept).sealed())
    assert digest_of(kept) == before


def test_slices_hold_every_record_once(kept: Settings) -> None:
    """Whatever the size of a slice, the entries of a file's slices are those of a scan of the file."""
    log = steps.log_of(kept)
    for file in log.sealed():
        whole = list(log.scan(file.name))
        for pages in (1, 2, 5, 1000):
            parts = slices_of(log, file, pages=pages)
            assert [
                one for part in parts for one in log.scan(part.name, begin=part.begin, end=part.end)
            ] == whole


def test_a_slice_comes_back_without_the_bytes_it_was_read_from(kept: Settings) -> None:
    """What travels is the captures and what they say, not the pages."""
    log = steps.log_of(kept)
    name = log.sealed()[0].name
    slab = steps.read_slice(kept.log, None, Slice(name), extractors.EXTRACTOR_VERSION)
    held = [entry for entry in slab.entries if isinstance(entry, Held)]
    assert len(held) > len(slab.readings) > 12
    assert {entry.payload for entry in held} == {None}
    assert len(pickle.dumps(slab)) < sum(entry.capture.bytes for entry in held) / 2


def test_a_worker_with_another_extractor_is_refused(kept: Settings) -> None:
    """Half an archive read by one version and half by another would be neither's."""
    name = steps.log_of(kept).sealed()[0].name
    with pytest.raises(Stop, match="the rebuild needs another: install the same version"):
        steps.read_slice(kept.log, None, Slice(name), "another")


def test_a_worker_refuses_a_file_that_lost_its_end(kept: Settings, tmp_path: Path) -> None:
    """Cut between two records it reads as if it were whole; the slice says what the manifest says."""
    shutil.copytree(kept.log, tmp_path / "warc")
    log = Log(tmp_path / "warc")
    file = log.sealed()[0]
    *_, last = log.cuts(file.name, every=1)
    first, *_ = slices_of(log, file)
    path = log.root / file.name
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:last])
    with pytest.raises(Stop, match=f"has {last} bytes, the manifest says {file.bytes}"):
        steps.read_slice(log.root, None, first, extractors.EXTRACTOR_VERSION)
    assert steps.read_slice(log.root, None, Slice(file.name), extractors.EXTRACTOR_VERSION).entries


def test_workers_and_address_exclude_each_other(kept: Settings) -> None:
    """New workers here, or those of a scheduler: a person says which."""
    with (
        pytest.raises(Usage, match="not both"),
        dask_workers(kept, count=2, address="tcp://127.0.0.1:9"),
    ):
        pytest.fail("workers of both kinds")


def test_without_the_extra_a_person_is_told_what_to_install(
    kept: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody who needs no workers has Dask."""
    monkeypatch.setitem(sys.modules, "prefect_dask", None)
    monkeypatch.delitem(sys.modules, "prefect_dask.task_runners", raising=False)
    with (
        pytest.raises(Usage, match=r"pip install 'moej\[workers\]'"),
        dask_workers(kept, count=2, address=None),
    ):
        pytest.fail("workers without Dask")


def test_work_is_sent_a_little_ahead_and_taken_in_order() -> None:
    """The first pieces leave at once, and never more than so many are away: workers' memory has an end."""
    sent, taken = list[int](), list[int]()

    def submit(item: int) -> Callable[[], int]:
        sent.append(item)
        return lambda: item * item

    results = in_order(submit, range(10), ahead=3)
    assert sent == [0, 1, 2]
    for result in results:
        taken.append(result)
        assert len(sent) - len(taken) <= 3
    assert taken == [number * number for number in range(10)]


DEAD: Any = SimpleNamespace(address="tcp://dead:1")


def dead_worker() -> Exception:
    """What Dask raises for work that killed its workers; a third of a second of imports."""
    from distributed import KilledWorker

    return KilledWorker("a slice", DEAD, 3)


def no_scheduler() -> Exception:
    """What Dask raises where nobody answers."""
    return OSError("Timed out trying to connect")


@pytest.mark.parametrize("lose", [dead_worker, no_scheduler])
def test_lost_work_is_one_line(lose: Callable[[], Exception]) -> None:
    """What Dask says of workers that die or cannot be reached ends the rebuild with a word of ours."""
    with (
        pytest.raises(Stop, match="the Dask workers at tcp://there:8786 cannot do it"),
        _reaching("tcp://there:8786"),
    ):
        raise lose()


def test_a_bug_is_not_blamed_on_the_workers() -> None:
    """An error of our own comes out as it is."""
    with pytest.raises(ZeroDivisionError), _reaching(None):
        raise ZeroDivisionError
