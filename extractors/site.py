"""What we know of the Ministry's markup and words, and nothing else: when the site changes, change this file.

Sources: public descriptions and captures of the site; `sure` and `likely` as gathered there. Class names
are matched whole. Words are matched in folded text (`text.fold`), labels without letter-spacing.
"""

import re
from datetime import timedelta, timezone
from typing import NamedTuple

HOST = "https://www.env.go.jp"
MINISTRY = frozenset(
    f"{name}{port}" for name in ("www.env.go.jp", "env.go.jp") for port in ("", ":80", ":443")
)
"""All ways in which pages write the host of `HOST` (sure); other hosts under env.go.jp are other sites."""

JAPAN = timezone(timedelta(hours=9), "JST")
"""The Ministry's clock; it has no summer time, so that no machine needs a list of time zones for it."""

# ── bounds ──────────────────────────────────────────────────────────────────────────────────────────────
MAX_BYTES = 32 * 1024 * 1024
"""More than this is no press release; 500 times the size of a usual page."""
MAX_DEPTH = 3_000
"""Parsing costs the square of the depth: 3,000 boxes in each other take 25 ms, 100,000 take 36 s."""
MAX_BLOCKS = 250_000
"""Reading costs some 50 µs a paragraph; a release has a few hundred."""
JUDGED_CHARS = 500_000
"""Countries and the JCM are looked for in this much of a text: ten times the longest release."""
MAX_TITLE = 400
FIRST_DAY = (1990, 1, 1)
"""The oldest page of the site is of 1997; 環境庁 put nothing older there."""

# ── templates ───────────────────────────────────────────────────────────────────────────────────────────


class Template(NamedTuple):
    """A form of page: its name, what shows it is there, where the article stands (CSS, first that fits)."""

    name: str
    mark: str
    roots: tuple[str, ...]


TEMPLATES = (
    Template(
        "current",
        ".p-press-release-material__heading, .p-press-release-material__date",
        ("main", "#main", "body"),
    ),
    Template("old-english", "#main .well h1", ("#main",)),
    Template("former", "#main h1", ("#main",)),
    Template("semantic", "article h1", ("article",)),
    Template("semantic", "main h1, [role=main] h1", ("main", "[role=main]")),
    Template("semantic", "h1", ("body",)),
    Template("semantic", "h2, meta[property='og:title']", ("article", "main", "[role=main]", "body")),
)
"""In the order they are tried; an English page of the current template is named `english`."""

LISTING_MARK = ".p-press-release-list__section, .p-press-release-list__block"
LISTING_BLOCK = ".p-press-release-list__block"
LISTING_DAY = ".p-press-release-list__heading"
LISTING_ITEM = "li.c-news-link__item"
LISTING_LINK = "a.c-news-link__link"
LISTING_TAG = ".p-news-link__tag"
LISTING_MONTH = "a.c-table-month__col__link"
"""One markup for index, month and category pages (sure: eight sources); English the same (guess)."""

SAYS_EMPTY = re.compile(
    r"(?:該当する|掲載する|この(?:月|期間)の|現在、?)?(?:報道発表(?:資料)?|お知らせ|情報|記事"
    r"|データ|資料|発表)(?:等)?は?、?(?:現在)?(?:まだ)?"
    r"(?:ありません|ございません|見つかりません(?:でした)?|掲載されていません)"
    r"|(?:There (?:are|is|were) )?(?:currently )?no (?:press |news )?(?:releases?|items?|articles?"
    r"|entries)\b",
    re.IGNORECASE,
)
"""What the page itself writes where a month has no releases: only then is a list without items no error."""

REGIONS = {
    "p-press-release-material__heading": "title",
    "p-press-release-material__date": "date",
    "p-news-link__tag": "tag",
    "p-press-release-material__print": "skip",
    "c-component__bg-area": "lead",
}
"""Class → part of the page, everywhere (sure, bg-area likely)."""

FORMER_REGIONS = {"date": "date", "contact": "contact"}
"""Class → part of the page in the former and old English templates only: too common words elsewhere."""

OTHER_SCREEN = re.compile(
    r"(?:^|[\s_-])(?:sp|smp|pc|mobile|smartphone|desktop|tablet|hidden|hide|invisible|sr-only"
    r"|u-none|d-none|print)(?:[\s_-]|$)",
    re.IGNORECASE,
)
"""Class names of containers shown on some screens only: dropped where their text stands elsewhere too."""

RAW_TAGS = "script,style,iframe,noembed,noframes,xmp,plaintext"
"""Elements whose text is written back as it was, and must not be read as markup."""
UNSEEN_TAGS = frozenset(
    [
        "template",
        "noscript",
        "svg",
        "math",
        "object",
        "canvas",
        "textarea",
        "select",
        "audio",
        "video",
        "nav",
        "dialog",
    ]
)
"""Elements with no text of the article."""
BESIDE_TAGS = "footer,aside"
"""Elements that hold the site's own words or other news, unless one of `ARTICLE_WORDS` stands in them."""
ARTICLE_WORDS = ("連絡先", "問合せ", "問い合わせ", "添付資料", "Contact")
BREADCRUMBS = re.compile(r"breadcrumb|topic-?path", re.IGNORECASE)
"""Classes and ids of the way to the page."""

# ── header ──────────────────────────────────────────────────────────────────────────────────────────────
CATEGORIES = frozenset(
    [
        "大臣官房",
        "総合政策",
        "総合環境政策",
        "環境政策",
        "地球環境",
        "大気環境",
        "水・土壌",
        "水環境",
        "土壌",
        "水・大気環境",
        "水・大気",
        "自然環境",
        "再生循環",
        "廃棄物・リサイクル",
        "廃棄物",
        "リサイクル",
        "保健・化学物質",
        "環境保健",
        "化学物質",
        "除染",
        "環境再生",
        "環境再生・資源循環",
        "資源循環",
        "放射性物質",
        "放射線",
        "原子力規制",
        "その他",
    ]
) | frozenset(
    name.casefold()
    for name in (
        "Global Environment",
        "Air Environment",
        "Air Quality",
        "Air & Transportation",
        "Water, Soil and Ground Environment",
        "Water and Soil",
        "Water & Soil",
        "Water/Soil",
        "Nature",
        "Nature & Parks",
        "Natural Environment",
        "Nature Conservation",
        "Nature and Parks",
        "Environmental Policy",
        "General Policy",
        "Policy",
        "Comprehensive Policy",
        "Comprehensive Policies",
        "Minister's Secretariat",
        "Waste & Recycling",
        "Waste and Recycling",
        "Recycling",
        "Resource Circulation",
        "Material Cycles",
        "Environmental Health",
        "Health and Chemicals",
        "Health & Chemicals",
        "Health/Chemicals",
        "Chemicals",
        "Climate Change",
        "Marine Litter",
        "General",
        "Others",
    )
)

CRUMBS = re.compile(
    r"(?:環境省\s*)?(?:報道発表資料(?:一覧)?|報道発表|プレスリリース|Press Releases?"
    r"|News Releases?|Headlines?|ホーム|Home|トップ(?:ページ)?|TOP"
    r"|報道・広報|(?:報道)?発表日|公表日|掲載日|公開日|分野|カテゴリー?|Category"
    r"|環境省|環境庁|Ministry of the Environment(?:,? (?:Government of )?Japan)?|MOE(?:J)?)",
    re.IGNORECASE,
)
"""Whole lines of the header that name the site, not the release."""

BOILERPLATE = re.compile(
    r"""この記事を印刷.{0,8} | 印刷(?:する|用ページ|用)? | Print(?:\s+this\s+page)?
    | PDF形式のファイルを.{0,200} | PDFファイルを(?:ご覧|閲覧|表示).{0,200}
    | (?:Get\s+)?(?:Adobe\s*)?(?:Acrobat\s*)?Reader.{0,60}(?:ダウンロード|入手|Download).{0,80}
    | (?:Adobe|アドビ).{0,80}(?:必要|ダウンロード|入手|download).{0,120}
    | Adobe\s*(?:Acrobat\s*)?Reader | Get\s+(?:Adobe\s+)?(?:Acrobat\s+)?Reader
    | (?:You\s+(?:will\s+)?need\s+)?(?:Adobe).{0,40}view\s+PDF.{0,80}
    | \(?(?:この)?ページ(?:の)?(?:先頭|トップ|上部)(?:へ|に)?(?:戻る)?\)? | 先頭へ(?:戻る)?
    | トップへ(?:戻る)?
    | 前のページ(?:へ|に)(?:戻る)? | 戻る | 一覧(?:へ|に)(?:戻る)?
    | 報道発表(?:資料)?一覧(?:へ|に)?(?:戻る)? | (?:Back\s+to\s+)?(?:page\s+)?top | Back(?:\s+to.{0,40})?
    | (?:ツイート|シェア|シェアする|ポスト|Tweet|Share|いいね!?)
    | 本文(?:へ|はここから|ここから|ここまで).{0,8}
    | \[?別ウィンドウで開(?:く|きます)\]? | 本文へ(?:移動|ジャンプ)?(?:する)? | Skip\s+to.{0,20}
    | 法人番号\s*\d+ | Copyright.{0,100} | \(c\)\s*Ministry.{0,100}""",
    re.VERBOSE | re.IGNORECASE,
)
"""Whole lines that stand on every page and are never part of the text."""

BOILERPLATE_WORDS = re.compile(
    r"印刷|PDF|Reader|adobe|Adobe|アドビ|ページ|先頭|トップ|戻る|一覧|top|Top|TOP|back|Back|BACK|シェア|ツイート|ポスト"
    r"|tweet|Tweet|share|Share|いいね|本文|別ウィンドウ|skip|Skip|法人番号|copyright|Copyright|COPYRIGHT"
    r"|print|Print|PRINT|\(c\)|\(C\)"
)
"""One of these is in every such line; looked for first because the whole pattern is dear.

None begins with a class such as [Aa]: the engine skips quickly to plain first letters only.
"""

CRUMB_TRAIL = re.compile(r"(?:ホーム|Home|トップ(?:ページ)?|HOME|TOP)\s*[>›»/＞≫].{0,300}", re.IGNORECASE)

# ── sections ────────────────────────────────────────────────────────────────────────────────────────────
SECTIONS = {
    "contact": re.compile(
        r"(?:本件(?:に関する)?(?:の)?|報道発表(?:に関する)?(?:の)?)?(?:お?問い?合わ?せ先|連絡先|照会先"
        r"|担当|問合せ先)(?:及び担当|・担当|窓口|等)?"
        r"|(?:For\s+)?(?:further\s+|more\s+)?(?:Contacts?|Inquir(?:y|ies)|Contact\s+(?:us|information"
        r"|details|point|persons?)|information,?\s+(?:please\s+)?contact)",
        re.IGNORECASE,
    ),
    "attachments": re.compile(
        r"(?:別?添付?|参考)?資料(?:一覧)?|添付(?:資料|ファイル)(?:等|一覧)?|添付書類|別紙(?:一覧)?"
        r"|別添(?:一覧)?|配付資料|資料ダウンロード"
        r"|Attachments?|Attached\s+(?:files?|documents?|materials?)|Reference\s+(?:materials?"
        r"|documents?)|Documents?|Appendi(?:x|ces)|Annex(?:es)?",
        re.IGNORECASE,
    ),
    "related": re.compile(
        r"関連(?:情報|リンク|ページ|サイト|資料|記事|URL|する(?:報道発表(?:資料)?|情報|ページ))(?:等"
        r"|一覧|集)?|(?:過去の|関連|関連する)報道発表(?:資料)?(?:一覧)?|参考(?:リンク|URL|ページ"
        r"|サイト|情報)|リンク(?:集)?|外部リンク"
        r"|Related\s+(?:information|links?|pages?|press\s+releases?|releases?|documents?|articles?)"
        r"|(?:Past|Previous)\s+press\s+releases?|Links?|See\s+also",
        re.IGNORECASE,
    ),
}
"""Headings (whole, without bullets and brackets) that open a part which is not free text."""

SECTION_ENDS = frozenset("先口当等料覧ル書紙添ド報クジト事集表類abcdefghijklmnopqrstuvwxyz")
"""Last letters of all headings in `SECTIONS`: a line that ends otherwise needs no closer look."""

FILE_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsm": "application/vnd.ms-excel.sheet.macroenabled.12",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "csv": "text/csv",
    "zip": "application/zip",
    "lzh": "application/x-lzh-compressed",
    "txt": "text/plain",
    "rtf": "application/rtf",
    "xml": "application/xml",
    "kml": "application/vnd.google-earth.kml+xml",
    "kmz": "application/vnd.google-earth.kmz",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
    "ics": "text/calendar",
}
