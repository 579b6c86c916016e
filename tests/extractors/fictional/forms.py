"""The forms in which one part of a release is printed: lines of text, and markup that gives such lines."""

from html import escape
from random import Random

from extractors import Contact, Fact
from tests.extractors.fictional.release import Fictional

_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def paragraphs(lines: list[str], rng: Random) -> str:
    """Lines as paragraphs, as one paragraph with breaks, or each in a box of its own."""
    form = rng.randrange(3)
    if form == 0:
        return "".join(f"<p>{escape(line)}</p>\n" for line in lines)
    if form == 1:
        return "<p>" + "<br>\n".join(escape(line) for line in lines) + "</p>"
    return "".join(f"<div><span>{escape(line)}</span></div>" for line in lines)


def bullets(lines: list[str]) -> str:
    """Lines as an unordered list."""
    return "<ul>" + "".join(f"<li>{escape(line)}</li>\n" for line in lines) + "</ul>"


def pair_lines(facts: tuple[Fact, ...], rng: Random) -> list[str]:
    """Facts as `label：value` lines, or as a label line above its value."""
    bullet = rng.choice(("", "", "・", "○ "))
    colon = rng.choice(("：", ":", " : "))
    if rng.random() < 0.3:
        mark = rng.choice(("■ ", "■", "1．", "(1) ", "【", "○"))
        return [line for fact in facts for line in (_headed(mark, fact.label), fact.value)]
    return [f"{bullet}{spaced(fact.label, rng)}{colon}{fact.value}" for fact in facts]


def _headed(mark: str, label: str) -> str:
    return f"【{label}】" if mark == "【" else mark + label


def pairs(facts: tuple[Fact, ...], rng: Random) -> str:
    """Facts as lines, headings, a table with or without head cells, or a definition list."""
    form = rng.randrange(5)
    if form == 0:
        rows = (f"<tr><th>{spaced(fact.label, rng)}</th><td>{escape(fact.value)}</td></tr>" for fact in facts)
        return f"<table><tbody>{''.join(rows)}</tbody></table>"
    if form == 1:
        rows = (f"<tr><td>{fact.label}</td><td><p>{escape(fact.value)}</p></td></tr>" for fact in facts)
        return f"<table border='1'>{''.join(rows)}</table>"
    if form == 2:
        return (
            "<dl>"
            + "".join(f"<dt>{fact.label}</dt><dd>{escape(fact.value)}</dd>" for fact in facts)
            + "</dl>"
        )
    if form == 3:
        mark = rng.choice(("■ ", "1 ", "（1）", "【", "● "))
        return "".join(f"<h3>{_headed(mark, fact.label)}</h3><p>{escape(fact.value)}</p>" for fact in facts)
    return paragraphs(pair_lines(facts, rng), rng)


def spaced(label: str, rng: Random) -> str:
    """A label of two letters, now and then letter-spaced as 日　時."""
    return f"{label[0]}　{label[1]}" if len(label) == 2 and rng.random() < 0.4 else label


def contact_lines(contact: Contact, rng: Random) -> list[str]:
    """A contact as `代表:03-…` lines, glued, or with blanks."""
    between = rng.choice(("：", ":", "", "　"))
    lines = [contact.organisation]
    lines += [f"{phone.label}{between}{phone.number}" for phone in contact.phones]
    gap = rng.choice(("：", "　", " ", ":"))
    form = rng.choice(("（内線{}）", "(内{})", "（{}）", " 内線{}", "（内線：{}）"))
    for person in contact.people:
        extension = form.format(person.extension) if person.extension else ""
        lines.append(f"{spaced(person.role, rng)}{gap}{person.name}{extension}")
    return lines


def contact_pairs(contact: Contact, rng: Random) -> list[str]:
    """A contact as bullets in pairs: a label, then its value."""
    lines = [contact.organisation]
    for phone in contact.phones:
        lines += [phone.label, phone.number]
    for person in contact.people:
        lines += [
            spaced(person.role, rng),
            person.name + (f"（内線{person.extension}）" if person.extension else ""),
        ]
    return lines


def contact(contact: Contact, rng: Random) -> str:
    """A contact as lines, bullets in pairs, a table or a definition list."""
    form = rng.randrange(4)
    office, *lines = contact_pairs(contact, rng)
    if form == 0:
        return f"<p>{office}</p>{bullets(lines)}"
    couples = list(zip(lines[::2], lines[1::2], strict=True))
    if form == 1:
        return (
            f"<p>{office}</p><dl>"
            + "".join(f"<dt>{one}</dt><dd>{two}</dd>" for one, two in couples)
            + "</dl>"
        )
    if form == 2:
        return (
            f"<div>{office}</div><table>"
            + "".join(f"<tr><th>{one}</th><td>{two}</td></tr>" for one, two in couples)
            + "</table>"
        )
    return paragraphs(contact_lines(contact, rng), rng)


def numbered(sentences: tuple[str, ...], rng: Random) -> list[str]:
    """The lead's sentences with printed numbers."""
    form = rng.choice(("{}. ", "{}．", "{}.", "（{}）"[:2] + ") " if rng.random() < 0 else "{}. "))
    return [form.format(number) + text for number, text in enumerate(sentences, start=1)]


def joint_line(names: tuple[str, ...], rng: Random) -> str:
    """The line of a joint release in one of its brackets."""
    opening, closing = rng.choice(("＜＞", "〈〉", "<>", "（）"))
    return f"{opening}{'、'.join(names)}同時発表{closing}"


def files(release: Fictional, rng: Random) -> str:
    """The attachments as links with their size inside or behind."""
    form = rng.randrange(3)
    items = []
    for file in release.files:
        href = file.url.removeprefix("https://www.env.go.jp") if rng.random() < 0.7 else file.url
        if form == 0:
            items.append(f'<a href="{href}">{file.title} [PDF {file.size}]</a>')
        elif form == 1:
            items.append(f'<a href="{href}" target="_blank">{file.title}（PDF：{file.size}）</a>')
        else:
            items.append(f'<a href="{href}">{file.title}</a> <span>[PDF {file.size}]</span>')
    tag = rng.choice(("li", "p"))
    body = "".join(f"<{tag}>{item}</{tag}>" for item in items)
    return f"<ul>{body}</ul>" if tag == "li" else body


def wide(text: str) -> str:
    """The text with full-width letters, digits and signs."""
    return text.translate(_WIDE)
