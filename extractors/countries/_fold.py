"""The text as names are looked for in it."""

from extractors.text import fold as _settle


def fold(text: str) -> str:
    """The text in NFKC (ＪＣＭ → JCM, ﾀｲ → タイ, ① → 1), with both kinds of apostrophe made one."""
    return _settle(text).replace("\u2019", "'")
