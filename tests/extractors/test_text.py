"""Width, blanks and invisible characters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.decoding import as_utf8, decode, without_utf_16
from extractors.text import fold, narrow, unspaced, visible

_JAPANESE = "二国間クレジット制度（JCM）の会合を開催しました。詳細は別紙のとおりです。"


@given(st.text())
def test_fold_is_nfkc(text: str) -> None:
    """Folding only what can change gives what NFKC over the whole text gives."""
    assert fold(text) == unicodedata.normalize("NFKC", text)


@given(st.text(alphabet="かきﾊﾋﾌ\u3099\u309aがパ゛（）ＪＣ１ー・々①㍻é\u0301"))
def test_fold_is_nfkc_on_japanese_marks(text: str) -> None:
    """Half-width kana and voicing marks fold with the letter before them, as in NFKC."""
    assert fold(text) == unicodedata.normalize("NFKC", text)


@given(st.text())
def test_narrow_keeps_places(text: str) -> None:
    """A place in the narrowed text is the same place in what is printed."""
    assert len(narrow(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("日　時", "日時"), ("室　　長", "室長"), ("Date and time", "Date and time")]
)
def test_letter_spacing_goes(text: str, expected: str) -> None:
    """Blanks between Japanese letters go, blanks between words stay."""
    assert unspaced(text) == expected


def test_invisible_characters_go() -> None:
    """Control and bidi characters carry no text and are removed."""
    assert visible("あ\x00い\u202eう\u200bえ\x1b[31m") == "あいうえ[31m"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp"])
@pytest.mark.parametrize("declared", [None, "utf-8", "Shift_JIS", "euc-jp", "windows-1252", "nonsense"])
def test_encoding_is_found_whatever_is_declared(codec: str, declared: str | None) -> None:
    """Japanese text comes out right under a right, a wrong and a missing declaration."""
    assert decode(_JAPANESE.encode(codec), declared) == _JAPANESE


@pytest.mark.parametrize(("codec", "declared"), [("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP")])
def test_right_declaration_of_an_english_page(codec: str, declared: str) -> None:
    """Where next to nothing is Japanese a declaration that fits is believed, in the header or in the page."""
    text = f'<meta charset="{declared}">Programme［PDF 26 KB］'
    assert decode(text.encode(codec)) == text
    assert decode("Programme［PDF 26 KB］".encode(codec), declared) == "Programme［PDF 26 KB］"


@pytest.mark.parametrize("declared", ["EUC-JP", "Shift_JIS", None])
def test_western_page_with_a_wrong_declaration(declared: str | None) -> None:
    """A declaration that does not fit the bytes is not believed."""
    assert decode("“Côte d’Ivoire”".encode("cp1252"), declared) == "“Côte d’Ivoire”"


@pytest.mark.parametrize(
    ("mark", "codec", "declared"),
    [
        (b"\xff\xfe", "utf-16-le", None),
        (b"\xfe\xff", "utf-16-be", "utf-8"),
        (b"", "utf-16-le", "utf-16"),
        (b"", "utf-16-be", "UTF-16"),
        (b"", "utf-16-le", "utf-16be"),
    ],
)
def test_utf_16_is_read_where_mark_or_header_says_so(mark: bytes, codec: str, declared: str | None) -> None:
    """With a mark, or declared by the response and in whichever order; the bytes become those of UTF-8."""
    text = f'<meta charset="shift_jis">\n<p>{_JAPANESE}'
    payload = mark + text.encode(codec)
    assert decode(payload, declared) == text
    assert as_utf8(payload, declared) == without_utf_16(payload, declared) == text.encode()


def test_a_wrong_declaration_of_utf_16_is_not_believed() -> None:
    """UTF-8 and Shift_JIS have no zero bytes, and a page cannot declare UTF-16 itself."""
    text = f'<meta charset="utf-16"><p>{_JAPANESE}'
    for codec in ("utf-8", "cp932"):
        assert decode(text.encode(codec), "utf-16") == text
        assert without_utf_16(text.encode(codec), "utf-16") == text.encode(codec)


@given(st.binary(max_size=300))
def test_any_bytes_decode(payload: bytes) -> None:
    """No bytes make decoding fail."""
    assert isinstance(decode(payload), str)
    assert isinstance(decode(payload, "utf-16"), str)
