"""Width and composition taken out of a text before anything is matched against it."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=8)
def fold(text: str) -> str:
    """The text in NFKC (ＪＣＭ → JCM, ﾀｲ → タイ, ① → 1), with both kinds of apostrophe made one.

    The last few results are kept: countries and JCM are judged on the same text one after the other,
    and NFKC over a whole page costs more than everything that is then looked for in it.
    """
    return unicodedata.normalize("NFKC", text).replace("\u2019", "'")
