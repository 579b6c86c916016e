"""The reading held to its promise on pages it was not written against."""

from collections import Counter

import pytest

from tests.accuracy.__main__ import told
from tests.accuracy.corpus import pages
from tests.accuracy.pages import PRINTERS
from tests.accuracy.score import THRESHOLDS, Score, score
from tests.accuracy.tales import SUBJECTS
from tests.accuracy.temptations import NOT_SUBJECTS


@pytest.fixture(scope="module")
def result() -> Score:
    """300 pages, read once."""
    return score(pages())


@pytest.mark.parametrize("field", THRESHOLDS)
def test_field_is_read_right_often_enough(result: Score, field: str) -> None:
    """Each field reaches its share on 300 unseen pages; every miss is printed."""
    misses = "".join(told(miss) for miss in result.misses if miss.field == field)

    assert result.asked[field] >= 150
    assert result.share(field) >= THRESHOLDS[field], misses


def test_corpus_has_every_form_and_odd_encodings() -> None:
    """All forms of page occur, and Shift_JIS and EUC-JP with right, wrong and missing declarations."""
    corpus = list(pages())
    forms = Counter(page.form for page in corpus)
    encodings = {page.encoding for page in corpus}

    assert set(forms) == set(PRINTERS)
    assert min(forms.values()) >= 5
    assert {"cp932, declared Shift_JIS", "cp932, declared utf-8", "cp932, declared nowhere"} <= encodings
    assert {"euc_jp, declared EUC-JP", "euc_jp, declared utf-8", "euc_jp, declared nowhere"} <= encodings


def test_corpus_is_the_same_every_time() -> None:
    """Equal seeds give equal bytes; another seed gives others."""
    first, again, other = ([page.payload for page in pages(20, seed)] for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_corpus_tells_every_kind_and_tempts() -> None:
    """Every kind of announcement stands among the subjects, and mentions and plain ones beside them."""
    assert len({tale.kind for tale in SUBJECTS}) == 12
    assert {tale.role for tale in NOT_SUBJECTS} == {"mention", "none"}
