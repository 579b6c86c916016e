"""Releases for the benchmark: made from word lists of ours and a seed, as many as wanted, as Arrow tables.

The text behaves like the Ministry's where it matters for speed: long runs of kanji and katakana between
hiragana, words by Zipf's law, dates and numbers everywhere, templated series, a contact block on every page,
and some words that occur once in the whole archive.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

NOUNS = (  # noqa: SIM905 - a word list is read as text
    "環境 制度 事業 対策 調査 検討 委員 会議 地球 気候 変動 温暖 排出 削減 技術 導入 国際 協力 "
    "推進 支援 計画 評価 影響 保全 自然 生物 多様 資源 循環 廃棄 処理 化学 物質 水質 大気 土壌 "
    "汚染 基準 測定 監視 管理 情報 公表 募集 意見 結果 報告 開催 案内 決定 採択 認定 登録 方針 "
    "戦略 地域 都市 海洋 河川 森林 公園 国立 野生 動物 植物 外来 保護 再生 可能 電力 水素 設備 "
    "補助 資金 予算 税制 法律 省令 改正 施行 手続 審査 部会 審議 政府 大臣 担当 局長 室長 課長 "
    "代表 直通 企業 団体 市民 教育 普及 啓発 研究 開発 実証 分析 健康 被害 放射 線量 除染 福島 "
    "災害 復興 二国間 合同 署名 覚書 途上 発行 取引 市場 価格 算定 指針 手引 事例 成果 目標 達成 "
    "進捗 点検"
).split()
KATAKANA = (  # noqa: SIM905 - a word list is read as text
    "クレジット プロジェクト パートナー シンポジウム セミナー フォーラム ガイドライン リサイクル "
    "プラスチック エネルギー カーボン ニュートラル アジア モンゴル ベトナム タイ インドネシア "
    "ケニア チリ パラオ ラオス カンボジア メキシコ サウジアラビア ミャンマー フィリピン "
    "ダイオキシン アスベスト フロン メタン ワーキンググループ システム モデル データ ネットワーク "
    "パブリックコメント ホームページ オンライン イベント キャンペーン クールビズ"
).split()
LATIN = ("JCM COP IPCC UNFCCC ADB UNIDO PDF CO2 PM2.5 PCB REDD+ ISO WG MRV SDGs ESG LED G7 NDC PFOS").split()  # noqa: SIM905 - a word list is read as text
PARTICLES = ("の を に は が と で から まで による における について に関する 及び並びに").split()  # noqa: SIM905 - a word list is read as text
ENDINGS = (  # noqa: SIM905 - a word list is read as text
    "を開催します。 しましたのでお知らせします。 を公表します。 について検討しました。 "
    "を募集します。 することとしています。 が行われました。 を決定しました。 となりました。 "
    "を実施しています。"
).split()
SURNAMES = (  # noqa: SIM905 - a word list is read as text
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 清水 山崎"
).split()
COUNTRIES = ("MN BD ET KE MV VN LA ID CR PW KH MX SA CL MM TH PH").split()  # noqa: SIM905 - a word list is read as text
CATEGORIES = ("大臣官房 総合政策 地球環境 大気環境 水・土壌 自然環境 再生循環 保健・化学物質").split()  # noqa: SIM905 - a word list is read as text
JCM_KINDS = ("partnership joint_committee credits selection call study meeting event").split()  # noqa: SIM905 - a word list is read as text
FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Made:
    """One release of the corpus, before it is a row."""

    number: int
    release_id: str
    published_on: date
    title: str
    body: str
    jcm: bool


class Corpus:
    """`count` releases from `seed`: the same seed gives the same text, letter for letter."""

    def __init__(self, count: int, seed: int = 20250630) -> None:
        self.count = count
        self._random = random.Random(seed)  # noqa: S311 - a corpus must be the same again, not secret
        self._words = self._vocabulary(20_000)
        self._weights = list(accumulate(1 / (rank + 8) for rank in range(len(self._words))))
        self._sentences = [self._sentence() for _ in range(8_000)]
        self._titles = [self._title() for _ in range(600)]

    def _vocabulary(self, size: int) -> list[str]:
        pick = self._random.choice
        words = set(NOUNS + KATAKANA + LATIN)
        while len(words) < size:
            words.add(
                "".join(
                    pick(NOUNS if self._random.random() < 0.8 else KATAKANA) for _ in range(pick((2, 2, 3)))
                )
            )
        common = list(NOUNS + KATAKANA + LATIN)
        self._random.shuffle(common)
        return common + sorted(words - set(common))

    def _sentence(self) -> str:
        words = self._random.choices(self._words, cum_weights=self._weights, k=self._random.randint(4, 10))
        parts = [word + self._random.choice(PARTICLES) for word in words[:-1]]
        return "".join(parts) + words[-1] + self._random.choice(ENDINGS)

    def _title(self) -> str:
        words = self._random.choices(self._words, cum_weights=self._weights, k=3)
        return f"{words[0]}の{words[1]}{words[2]}第{{n}}回会合の開催について"

    def __iter__(self) -> Iterator[Made]:
        draw = self._random
        for number in range(self.count):
            day = FIRST_DAY + timedelta(days=number * 9_500 // self.count)
            title = draw.choice(self._titles).replace("{n}", str(number % 97 + 1))
            jcm = number % 25 == 0
            if jcm:
                title = "二国間クレジット制度（JCM）" + title
            yield Made(number, f"{day:%Y%m%d}-press_{number:06d}", day, title, self._body(day, number), jcm)

    def _body(self, day: date, number: int) -> str:
        draw = self._random
        lines = [draw.choice(self._sentences) for _ in range(draw.randint(10, 30))]
        event = day + timedelta(days=draw.randint(3, 60))
        lines.insert(2, f"日時：{event.year}年{event.month}月{event.day}日")
        tonnes = f"{draw.randint(1, 99)},{draw.randint(100, 999)}"
        lines.insert(3, f"参加者は{draw.randint(2, 900)}名、排出削減量は{tonnes}トンでした。")
        rare = "".join(draw.choices(NOUNS, k=4))
        lines.append(f"{rare}{number}号の{draw.choice(SURNAMES)}{draw.choice(NOUNS)}氏")
        lines += ["連絡先", f"環境省{draw.choice(NOUNS)}局{draw.choice(NOUNS)}課", "代表：03-3581-3351"]
        lines.append(f"課長：{draw.choice(SURNAMES)}{draw.choice(NOUNS)}（内線{draw.randint(6000, 7999)}）")
        return "\n".join(lines)


def row(made: Made, *, version: int, versions: int) -> dict[str, object]:
    """A row of `release_versions` for one version of a release; an earlier version has another last line."""
    first = datetime(made.published_on.year, made.published_on.month, made.published_on.day, 3, tzinfo=UTC)
    note = "" if version == 1 else f"\n※第{version - 1}回の訂正をいたしました。"
    begins = first + timedelta(days=30 * (version - 1))
    return {
        "release_id": made.release_id,
        "url": f"https://www.env.go.jp/press/press_{made.number:06d}.html",
        "lang": "ja",
        "title": made.title,
        "published_on": made.published_on,
        "categories": [CATEGORIES[made.number % len(CATEGORIES)]],
        "joint_with": [],
        "body": made.body + note,
        "facts": [{"label": "日時", "value": made.body.split("\n")[2]}],
        "contacts": [],
        "attachments": [],
        "links": [],
        "corrections": [],
        "countries": [COUNTRIES[made.number % len(COUNTRIES)]] if made.jcm else [],
        "jcm_role": "subject" if made.jcm else "none",
        "jcm_kind": JCM_KINDS[made.number // 25 % len(JCM_KINDS)] if made.jcm else None,
        "jcm_evidence": [],
        "jcm_countries": [COUNTRIES[made.number % len(COUNTRIES)]] if made.jcm else [],
        "version": version,
        "versions": versions,
        "first_seen_at": first,
        "changed_at": begins if version > 1 else None,
        "content_hash": f"{made.number:x}-{version}",
        "extractor_version": "1",
        "capture_id": f"{made.number:032x}-{version}",
        "valid_from": begins,
        "valid_to": None if version == versions else begins + timedelta(days=30),
        "change": "created" if version == 1 else "changed",
    }
