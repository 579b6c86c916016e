"""Facts, events, corrections, joint releases, attachments and links of one page, form by form."""

from datetime import UTC, date, datetime

import pytest

from extractors import Attachment, Correction, Fact, Link, Release, read

_URL = "https://www.env.go.jp/press/press_00001.html"


def _page(body: str, day: str = "2025年6月30日", title: str = "会合の開催について") -> Release:
    date_line = f'<p class="p-press-release-material__date">{day}</p>'
    head = f'{date_line}<h1 class="p-press-release-material__heading">{title}</h1>'
    html = f'<html lang="ja"><main><div class="c-component">{head}{body}<p>文です。</p></div></main></html>'
    found = read(html.encode(), url=_URL, fetched_at=datetime(2027, 6, 1, tzinfo=UTC))
    assert isinstance(found, Release)
    return found


@pytest.mark.parametrize(
    "body",
    [
        "<p>日時：2025年7月18日（金）</p><p>場所：東京</p>",
        "<p>・日　時 : 2025年7月18日（金）</p><p>・場　所 : 東京</p>",
        "<p>日時　2025年7月18日（金）</p><p>場所　東京</p>",
        "<p>(1) 日時：2025年7月18日（金）</p><p>(2) 場所：東京</p>",
        "<p>【日時】2025年7月18日（金）</p><p>【場所】東京</p>",
        "<p>１．日時</p><p>2025年7月18日（金）</p><p>２．場所</p><p>東京</p>",
        "<h2>■ 日時</h2><p>2025年7月18日（金）</p><h2>■ 場所</h2><p>東京</p>",
        "<p>①日　時</p><p>2025年7月18日（金）</p><p>②場　所</p><p>東京</p>",
        "<p>①日時：2025年7月18日（金）</p><p>②場所：東京</p>",
        "<p>【日時】</p><p>2025年7月18日（金）</p><p>【場所】</p><p>東京</p>",
        "<p>ア 日時</p><p>2025年7月18日（金）</p><p>イ 場所</p><p>東京</p>",
        "<table><tr><th>日　時<td>2025年7月18日（金）<tr><th>場　所<td>東京</table>",
        "<table><tr><td>日時</td><td><p>2025年7月18日（金）</p></td></tr><tr><td>場所</td><td>東京</td></tr></table>",
        "<dl><dt>日時</dt><dd>2025年7月18日（金）</dd><dt>場所</dt><dd>東京</dd></dl>",
        "<ul><li>日時：2025年7月18日（金）</li><li>場所：東京</li></ul>",
        "<p>日時：2025年7月18日（金）<br>場所：東京</p>",
    ],
)
def test_facts(body: str) -> None:
    """Label and value are read from each form, and the day and place of the event with them."""
    found = _page(body)
    assert found.facts == (Fact("日時", "2025年7月18日（金）"), Fact("場所", "東京"))
    assert (found.event_starts_on, found.event_ends_on, found.event_place) == (
        date(2025, 7, 18),
        date(2025, 7, 18),
        "東京",
    )


@pytest.mark.parametrize(
    "body",
    [
        "<p>（注）NDC：自国が定める目標</p>",
        "<p>(※)NDC:自国が定める目標</p>",
        "<p>9:00-12:00</p>",
        "<p>URL：https://example.org/</p>",
        "<p>Session 1: Progress updates</p>",
        "<p>環境省は、次の点を確認しました：進捗と課題。</p>",
        "<h2>■ 目的</h2><p>関係者が集まり、次の事項について幅広く意見を交換することを目的とします。</p>",
        '<p><a href="/content/1.pdf">チラシ（PDF：40KB）</a></p>',
        "<p>別紙：名簿（PDF：787.1MB）</p>",
        '<p><a href="/content/1.pdf">Programme</a><br>[PDF 615.4 MB]</p>',
        "<p>Programme</p><p>[PDF 615.4 MB]</p>",
        "<p>Topics included air quality, waste: and water.</p>",
        "<h2>Programme</h2><p>Topics included air quality.</p>",
        "<h2>Programme</h2><ul><li>Speakers present examples from their cities.</li></ul>",
        "<p>Speakers</p><p>Speakers present examples from cities of many countries.</p>",
        "<table><tr><th>国名</th><th>件数</th></tr><tr><td>モンゴル</td><td>3件</td></tr></table>",
    ],
)
def test_no_facts(body: str) -> None:
    """Notes, hours, addresses, prose, lines of files and tables of data are no facts."""
    assert _page(body).facts == ()


@pytest.mark.parametrize("label", ["募集期間", "意見の提出期限", "公募期間", "受付期間", "施行日"])
def test_periods_of_application_are_no_event(label: str) -> None:
    """Only a gathering is an event."""
    found = _page(f"<p>{label}：2025年7月1日（火）～7月31日（木）</p><p>場所：東京</p>")
    assert (found.event_starts_on, found.event_place) == (None, None)


@pytest.mark.parametrize(
    ("note", "day", "on"),
    [
        ("※令和5年5月2日(火) 別紙(赤字箇所)の数値を訂正いたしました。", "2023年04月28日", date(2023, 5, 2)),
        ("※数値の誤りなどを修正しました。（平成20年5月9日）", "2008年05月07日", date(2008, 5, 9)),
        ("（11/22 18:00 最下部に資料を掲載しました。）", "2024年11月20日", date(2024, 11, 22)),
        ("※1月6日 資料2を差し替えました。", "2024年12月25日", date(2025, 1, 6)),
        ("※添付資料を一部修正しました。", "2024年12月25日", None),
        ("【訂正】2025年1月7日 別紙の誤記を訂正", "2024年12月25日", date(2025, 1, 7)),
        ("*Corrected on April 7, 2025: the first figure was wrong.", "2025年04月04日", date(2025, 4, 7)),
    ],
)
def test_correction(note: str, day: str, on: date | None) -> None:
    """A note of a correction is kept as printed, with its day in the year of the page or the next."""
    assert _page(f"<p>{note}</p>", day).corrections == (Correction(on, note),)


@pytest.mark.parametrize(
    "note",
    [
        "※基準は、2025年4月1日に改正されました。",
        "※資料は、後日掲載する予定です。",
        "※ガイドラインの改訂案は、7月に修正する予定です。",
        "（注）端数は四捨五入しています。",
        "環境省は、誤りを訂正しました。",
        "指針の誤りを正すための改正案です。",
    ],
)
def test_no_correction(note: str) -> None:
    """Notes that speak of anything else, and sentences of the text, are no corrections."""
    assert _page(f"<p>{note}</p>").corrections == ()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("＜国土交通省、農林水産省同時発表＞", ("国土交通省", "農林水産省")),
        ("〈国土交通省、農林水産省同時発表〉", ("国土交通省", "農林水産省")),
        ("（経済産業省・外務省と同時発表）", ("経済産業省", "外務省")),
        ("＜農林水産省、林野庁及び文部科学省同時発表＞", ("農林水産省", "林野庁", "文部科学省")),
        ("本件は、国土交通省と同時発表です。", ("国土交通省",)),
        ("環境省と国土交通省は同時発表を行いました。", ()),
    ],
)
def test_joint_release(line: str, names: tuple[str, ...]) -> None:
    """The organisations of a joint release are read from its line only, and the line is no text."""
    found = _page(f"<p>{line}</p>")
    assert found.joint_with == names
    assert (line in found.body) is not bool(names)


@pytest.mark.parametrize(
    ("link", "title", "size"),
    [
        ('<a href="/content/1.pdf">別紙1　概要 [PDF 628 KB]</a>', "別紙1　概要", "628 KB"),
        ('<a href="/content/1.pdf">別紙1　概要（PDF：9.1KB）</a>', "別紙1　概要", "9.1KB"),
        ('<a href="../content/1.pdf">別紙1</a>（ＰＤＦ：１．２ＭＢ）', "別紙1", "1.2MB"),
        ('別紙1 名簿 <a href="https://www.env.go.jp/content/1.pdf">[PDF 12KB]</a>', "別紙1 名簿", "12KB"),
        ('<a href="/content/1.pdf"><span>別紙1</span></a>', "別紙1", None),
    ],
)
def test_attachment(link: str, title: str, size: str | None) -> None:
    """A file has its title without the bracket of its size, an absolute address and its type."""
    url = "https://www.env.go.jp/content/1.pdf"
    assert _page(f"<p>{link}</p>").attachments == (Attachment(title, url, "application/pdf", size),)


@pytest.mark.parametrize("host", ["http://www.env.go.jp", "http://env.go.jp", "https://env.go.jp"])
def test_own_addresses_are_canonical(host: str) -> None:
    """The Ministry's own files and pages are https with www however written; other hosts stay as they are."""
    found = _page(
        f'<p><a href="{host}/content/1.pdf">別紙</a>と<a href="{host}/a.html">甲</a>と'
        '<a href="http://www.example.org/b.html">乙</a>です。</p>'
    )
    assert [file.url for file in found.attachments] == ["https://www.env.go.jp/content/1.pdf"]
    assert [link.url for link in found.links] == [
        "https://www.env.go.jp/a.html",
        "http://www.example.org/b.html",
    ]


@pytest.mark.parametrize("between", ["", " ", "\n", "</p><p>"])
def test_categories_side_by_side(between: str) -> None:
    """Each category in a span of its own is one, with or without a blank between the spans."""
    tags = between.join(
        f'<span class="p-news-link__tag">{name}</span>' for name in ("地球環境", "新しい分野")
    )
    assert _page(f"<p>{tags}</p>").categories == ("地球環境", "新しい分野")


@pytest.mark.parametrize(
    "heading", ["<p>○その他</p>", "<p>■ その他</p>", "<h2>その他</h2>", "<h3>●地球環境</h3>"]
)
def test_heading_is_no_category(heading: str) -> None:
    """A heading with the words of a category stays in the text."""
    found = _page(f"{heading}<p>書類は返却しません。</p>")
    assert found.categories == ()
    assert "書類は返却しません。" in found.body.splitlines()[1]


@pytest.mark.parametrize("label", ["日時", "①日　時", "【日時】", "＜日時＞", "■ 日時", "[1] 日時"])
def test_day_below_a_label_is_not_the_day_of_the_page(label: str) -> None:
    """A day alone in a line under 日時 is the event's, also where the page's own day is metadata only."""
    meta = '<meta property="article:published_time" content="2025-06-30T14:00:00+09:00">'
    html = (
        f"<html lang=ja><head>{meta}</head><main><article><h1>会合の開催について</h1><p>{label}</p>"
        "<p>2025年7月18日</p><p>①主催</p><p>環境省</p><p>文です。</p></article></main></html>"
    )
    found = read(html.encode(), url=_URL, fetched_at=datetime(2027, 6, 1, tzinfo=UTC))
    assert isinstance(found, Release)
    assert found.facts == (Fact("日時", "2025年7月18日"), Fact("主催", "環境省"))
    assert (found.published_on, found.event_starts_on) == (date(2025, 6, 30), date(2025, 7, 18))


@pytest.mark.parametrize("marks", [("", "", "", ""), ("①", "②", "③", "④"), ("○", "○", "○", "○")])
def test_facts_of_saved_text_without_a_lead(marks: tuple[str, ...]) -> None:
    """Labels that follow the title at once open the text: what follows is no part of the head."""
    labels = [f"{mark}{name}" for mark, name in zip(marks, ("日時", "主催", "場所", "その他"), strict=True)]
    values = ["2025年7月18日", "環境省", "東京", "書類は返却しません。"]
    lines = [line for pair in zip(labels, values, strict=True) for line in pair]
    text = "\n".join(["2025年06月30日", "会合の開催について", *lines])
    found = read(
        text.encode(), url=_URL, fetched_at=datetime(2027, 6, 1, tzinfo=UTC), media_type="text/plain"
    )
    assert isinstance(found, Release)
    assert found.body == "\n".join(lines)
    assert [fact.value for fact in found.facts] == values[:3]
    assert found.categories == ()


def test_repeated_run_with_rows_stands_once() -> None:
    """A short run of rows and text that is printed twice is read once; equal rows of one table all stay."""
    run = ["区分 | 甲種", "開催日 | 7月18日", "参加費 | 無料", "※写真の撮影は冒頭に限ります。"]
    head = ["2025年06月30日", "会合の開催について", "会合を開催します。"]
    text = "\n".join([*head, *run, *run, "甲 | 12", "甲 | 12", "以上の表のとおりです。"])
    found = read(
        text.encode(), url=_URL, fetched_at=datetime(2027, 6, 1, tzinfo=UTC), media_type="text/plain"
    )
    assert isinstance(found, Release)
    cells = [cell for line in run for cell in line.split(" | ")]
    assert found.body.splitlines() == [head[2], *cells, "甲", "12", "甲", "12", "以上の表のとおりです。"]
    assert [fact.label for fact in found.facts].count("参加費") == 1


def test_links() -> None:
    """Pages are links, once each and absolute; what stands under 関連情報 is no text."""
    related = '<h2>関連情報</h2><ul><li><a href="/a.html">甲</a></li><li><a href="/a.html">甲</a></li></ul>'
    found = _page('<p>文と<a href="press_00002.html">乙</a>です。</p>' + related)
    assert found.links == (
        Link("乙", "https://www.env.go.jp/press/press_00002.html"),
        Link("甲", "https://www.env.go.jp/a.html"),
    )
    assert "関連情報" not in found.body


def test_hostile_page_is_text() -> None:
    """Markup, formulas and scripts stay text; links that are no addresses are dropped and counted."""
    links = (
        "javascript:alert(1)",
        "JaVa\nScript:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "mailto:a@b.jp",
    )
    anchors = "".join(f'<p><a href="{href}">危険</a></p>' for href in links)
    found = _page(
        f"<p>=1+1</p><p>&lt;b&gt;*a* [x](javascript:y)&#8238;</p>{anchors}",
        title="&lt;script&gt;x&lt;/script&gt;題",
    )
    assert found.title == "<script>x</script>題"
    assert (found.links, found.dropped_links) == ((), 5)
    assert found.body.startswith("=1+1\n<b>*a* [x](javascript:y)\n")
    assert r"\<b\>\*a\* \[x\](javascript:y)" in found.body_markdown


def test_markdown_has_structure() -> None:
    """Headings, lists, tables and links of the page are those of the Markdown."""
    table = "<table><tr><th>甲</th><th>乙</th></tr><tr><td>1|2</td><td>3</td></tr></table>"
    lists = "<ol><li>一</li><li>二</li></ol><ul><li>丙</li></ul>"
    body = f'<h2>表</h2>{lists}{table}<p><a href="/x.html">頁</a></p>'
    markdown = _page(body).body_markdown
    assert markdown.startswith("## 表\n\n1. 一\n2. 二\n- 丙\n\n| 甲 | 乙 |\n| --- | --- |\n| 1\\|2 | 3 |\n")
    assert "[頁](https://www.env.go.jp/x.html)" in markdown


@pytest.mark.parametrize("word", ["環境省", "東京", "無料"])
def test_equal_cells_of_a_table_stay(word: str) -> None:
    """Cells that say the same are no copies."""
    rows = f"<tr><td>甲</td><td>{word}</td></tr><tr><td>乙</td><td>{word}</td></tr>"
    assert _page(f"<table>{rows}</table>").body.count(word) == 2
