"""The body of a draft: headings, label lines, tables, notes, in every form SITE.md lists."""

from dataclasses import dataclass, field
from random import Random

MARKS = (
    "■ {}",
    "■{}",
    "{n}．{}",
    "{n} {}",
    "({n}) {}",
    "[{n}]{}",
    "【{n}】{}",
    "{c}{}",
    "<{}>",
    "【{}】",
    "●{}",
    "○{}",
    "{r}. {}",
    "{k} {}",
)
_CIRCLES, _ROMAN, _KANA = (
    "①②③④⑤⑥⑦⑧⑨",
    ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"),
    "アイウエオカキクケ",
)
_SECTIONS = ("背景・目的", "概要", "今後の予定", "経　緯", "その他")
_SECTIONS_EN = ("Background", "Outline", "Next Steps")
_WHEN = ("日時", "日時", "開催日時", "開催日")
_WHERE = ("場所", "場所", "開催場所", "会場")
_NOTES = (
    "※会合は英語で行われます。",
    "（注）数字は四捨五入しているため、合計が合わないことがあります。",
    "注1：速報の値です。",
    "*印は新しい参加者を示します。",
    "※写真の撮影は冒頭に限ります。",
)
_NOTES_EN = ("* Subject to change without notice.", "Note: figures are rounded.")
_MORE = (
    ("主催", "環境省"),
    ("定員", "会場80名、オンライン300名"),
    ("議題", "今年度の活動及び来年度の計画"),
    ("参加費", "無料"),
)
_MORE_EN = (("Language", "English and Japanese"), ("Organiser", "Ministry of the Environment, Japan"))


@dataclass(frozen=True, slots=True)
class Block:
    """One block: heading, paragraph, note, items, table, definitions or broken; the last four have `rows`."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(slots=True)
class Paper:
    """A body being written, with the facts and headings that stand on it."""

    randomness: Random
    lang: str
    blocks: list[Block] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    mark: str = ""
    number: int = 0

    def __post_init__(self) -> None:
        self.mark = "{}" if self.lang == "en" else self.randomness.choice(MARKS)

    def marked(self, text: str) -> str:
        """A heading in this body's way of marking, numbered on."""
        index = self.number % 9
        self.number += 1
        return self.mark.format(text, n=index + 1, c=_CIRCLES[index], r=_ROMAN[index], k=_KANA[index])


def facts_on(paper: Paper, when: str, place: str, attending: str) -> None:
    """Day, place and perhaps more, as label lines, as headings with their value below, or as a table."""
    english = paper.lang == "en"
    pick = paper.randomness
    pairs = [
        ("Date" if english else pick.choice(_WHEN), when),
        (pick.choice(("Place", "Venue")) if english else pick.choice(_WHERE), place),
    ]
    if attending:
        pairs.append((pick.choice(("参加国等", "参加国", "出席者")), attending))
    elif pick.random() < 0.5:
        pairs.append(pick.choice(_MORE_EN if english else _MORE))
    paper.facts.extend(pairs)
    writer = pick.choice(
        (_colons, _colons, _colons)
        if english
        else (_colons, _below, _below, _tabled, _bulleted, _defined, _broken)
    )
    writer(paper, pairs)


def period_on(paper: Paper, text: str) -> None:
    """A period in which something may be sent in: a fact, and no event."""
    label = paper.randomness.choice(("募集期間", "受付期間", "公募期間"))
    paper.facts.append((label, text))
    paper.blocks.append(Block("paragraph", f"{label}：{text}"))


def _spaced(paper: Paper, label: str) -> str:
    return f"{label[0]}　{label[1]}" if len(label) == 2 and paper.randomness.random() < 0.3 else label


def _colons(paper: Paper, pairs: list[tuple[str, str]]) -> None:
    colon = ": " if paper.lang == "en" else paper.randomness.choice(("：", ":", "： "))
    if paper.lang == "ja" and paper.randomness.random() < 0.5:
        paper.headings.append("開催概要")
        paper.blocks.append(Block("heading", paper.marked("開催概要")))
    for label, value in pairs:
        shown = label if paper.lang == "en" else _spaced(paper, label)
        paper.blocks.append(Block("paragraph", f"{shown}{colon}{value}"))


def _below(paper: Paper, pairs: list[tuple[str, str]]) -> None:
    for label, value in pairs:
        paper.blocks += [Block("heading", paper.marked(_spaced(paper, label))), Block("paragraph", value)]


def _tabled(paper: Paper, pairs: list[tuple[str, str]]) -> None:
    paper.blocks.append(Block("table", rows=tuple((_spaced(paper, label), value) for label, value in pairs)))


def _defined(paper: Paper, pairs: list[tuple[str, str]]) -> None:
    paper.blocks.append(Block("definitions", rows=tuple(pairs)))


def _broken(paper: Paper, pairs: list[tuple[str, str]]) -> None:
    """Label lines in one paragraph with breaks between them."""
    rows = tuple((f"{_spaced(paper, label)}：{value}",) for label, value in pairs)
    paper.blocks.append(Block("broken", rows=rows))


def _bulleted(paper: Paper, pairs: list[tuple[str, str]]) -> None:
    mark = paper.randomness.choice(("・", "○", "● ", "- "))
    paper.blocks += [Block("paragraph", f"{mark}{_spaced(paper, label)}：{value}") for label, value in pairs]


def section_on(paper: Paper, text: str) -> None:
    """A heading with prose, now and then with items or a table of three columns after it."""
    names = _SECTIONS_EN if paper.lang == "en" else _SECTIONS
    heading = paper.randomness.choice([name for name in names if name not in paper.headings] or list(names))
    paper.headings.append(heading)
    paper.blocks += [Block("heading", paper.marked(heading)), Block("paragraph", text)]
    chance = paper.randomness.random()
    if paper.lang == "ja" and chance < 0.3:
        paper.blocks.append(Block("items", rows=(("書類の簡素化",), ("人材の育成",), ("広報の充実",))))
    elif paper.lang == "ja" and chance < 0.5:
        rows = (("区分", "件数", "前年度"), ("甲種", "12", "10"), ("乙種", "7", "9"))
        paper.blocks.append(Block("table", rows=rows))


def note_on(paper: Paper) -> None:
    """A note that corrects nothing, on some pages."""
    if paper.randomness.random() < 0.4:
        notes = _NOTES_EN if paper.lang == "en" else _NOTES
        paper.blocks.append(Block("note", paper.randomness.choice(notes)))
