"""What readers keep of the last pages, for the next ones."""

from extractors.kept import LONGEST, kept


def test_short_texts_are_asked_about_once_and_long_ones_each_time() -> None:
    """Kept is what fits a line; a page made of giants leaves nothing in memory."""
    asked: list[str] = []

    @kept(8)
    def ends(text: str, sign: str) -> bool:
        asked.append(text)
        return text.endswith(sign)

    short, long = "件名。", "あ" * (LONGEST + 1)
    assert [ends(short, "。"), ends(short, "。"), ends(short, "、")] == [True, True, False]
    assert [ends(long, "。"), ends(long, "。")] == [False, False]
    assert asked == [short, short, long, long]
