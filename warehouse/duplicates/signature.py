"""MinHash signatures cut into bands (LSH): texts that are alike share bands, whatever else there is."""

import hashlib
from typing import Final

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray

BANDS: Final = 16
ROWS: Final = 4
"""Texts with 60 % of their shingles in common share two bands in 62 of 100 cases, 70 % in 91, 80 % in 99."""
_PERMUTATIONS: Final = BANDS * ROWS
_SEED: Final = 1


def _given(value: int) -> int:
    """Shingles are hashes already."""
    return value


# Made once: drawing the permutations anew for each text would cost more than the text.
_PLAIN = MinHash(num_perm=_PERMUTATIONS, seed=_SEED, hashfunc=_given, scheme="affine64")


def bands(shingles: NDArray[np.uint64]) -> list[int]:
    """The bands of a text, each with its place hashed in; none for a text without shingles."""
    if shingles.size == 0:
        return []
    minimum = _PLAIN.copy()
    minimum.update_batch(shingles.tolist())
    values = np.ascontiguousarray(minimum.hashvalues, dtype="<u8").reshape(BANDS, ROWS)
    return [_band(place, row.tobytes()) for place, row in enumerate(values)]


def _band(place: int, row: bytes) -> int:
    digest = hashlib.blake2b(row, digest_size=8, salt=place.to_bytes(2, "little")).digest()
    return int.from_bytes(digest, "little")
