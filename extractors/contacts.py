"""Who to ask: organisation, telephones, people with role and extension, in every form the pages have.

Each line is eaten from the left, piece by piece: a telephone's label, a number, a role, a name, an extension.
A label or role at the end of a line waits for its value in the next one, so bullets in pairs, lines like
`代表:03-…`, glued `代表03-…` and tables all read alike.
"""

import re

from extractors.blocks import Block
from extractors.kept import kept
from extractors.release import Contact, Person, Phone
from extractors.sections import section_of
from extractors.text import narrow, tidy, unspaced
from extractors.vocabulary import (
    ENGLISH_ROLE,
    ORGANISATION_END,
    ORGANISATION_START,
    PHONE_LABEL,
    ROLE,
    ROLE_WORDS,
)

_EMAIL = re.compile(
    r"[A-Za-z0-9._%+-]{1,64}\s?(?:@|[\[(](?:at|アット|atmark)[\])]"
    r"|★)\s?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}"
)
_MAIL = re.compile("@|★|at|アット|ma|Ma|MA|mA|メール")
"""In every address and its label; hardly any line has one, and the whole patterns are dear."""
_MAIL_LABEL = re.compile(r"(?:E-?mail|メール(?:アドレス)?|電子メール|Mail)\s*[:]?", re.IGNORECASE)
_NUMBER = re.compile(
    r"\+\d{1,3}[-() ]{1,2}\d{1,4}[-() ]{1,2}\d{1,4}[-() ]{1,2}\d{3,4}(?!\d)"
    r"|\(?0\d{1,4}[-() ]{1,2}\d{1,4}[-() ]{1,2}\d{3,4}(?!\d)|0\d{9,10}(?!\d)"
)
_LABEL = re.compile(rf"\(?\s*(?P<label>{PHONE_LABEL.pattern})\s*\)?", re.IGNORECASE)
_LABEL_BEHIND = re.compile(rf"\s*\((?P<label>{PHONE_LABEL.pattern})\)", re.IGNORECASE)
_EXTENSION = re.compile(
    r"\s*[(\[]?\s*(?:内線?|ext\.?|extension)\s*(?:番号)?\s*[:.]?\s*(\d{2,6})\s*[)\]]?"
    r"|\s*[(\[]\s*(\d{4,5})\s*[)\]]",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[\s:/、,;・|()\[\]<>【】-]+")
_NEXT_ROLE = re.compile(rf"[\s、,;)/]+(?=(?:{ROLE.pattern.replace('?P<role>', '?:')})[\s:])")
_STOP = re.compile(r"[(\[]|\d{3}|\s*(?:内線|TEL|FAX|電話|直通|代表|E-?mail|メール)", re.IGNORECASE)
_PIECE = re.compile(r"[^\s:]+")
_AT = re.compile(r"\s?(?:@|[\[(](?:at|アット|atmark)[\])]|★)\s?")
_GAPS = re.compile(r"[() ]+")
_BETWEEN_NAMES = re.compile(r"\s*[、，,;；]\s*")
_BLANKS = re.compile(r"\s+")
_SPACED_REACH = 40
_ROLE_SET = frozenset(ROLE_WORDS)
_FIRST_LETTERS = frozenset(word[0] for word in ROLE_WORDS) | frozenset("電代直夜ダ携内フTtPpFf")
"""Of all roles and of all names of a telephone: where a word begins otherwise, none of them can stand."""
_LONGEST = 300
_MOST_LINES = 1_000
_LONGEST_NAME = 40
_SHORT_NAME = 9
_REMARK = re.compile(r"[（(【<＜].*[）)】>＞]$")


def contacts(blocks: list[Block]) -> tuple[Contact, ...]:
    """The blocks of contacts, in page order; lines that are none of it are left out."""
    reading = _Reading()
    for block in blocks[:_MOST_LINES]:
        # A heading is asked for only where it can be one: within a contact 担当 is a role.
        if len(block.text) <= _LONGEST and not ((block.level or not reading.begun) and section_of(block)):
            reading.line(tidy(block.text))
    return reading.finish()


class _Reading:
    """The state between lines: the contact that is being built, and a label or role that waits."""

    def __init__(self) -> None:
        self._done: list[Contact] = []
        self._organisation = ""
        self._phones: list[Phone] = []
        self._people: list[Person] = []
        self._emails: list[str] = []
        self._guessed = False
        self._label: str | None = None
        self._role: str | None = None

    @property
    def begun(self) -> bool:
        """Whether anything was read for the current contact."""
        return bool(
            self._organisation or self._phones or self._people or self._emails or self._role or self._label
        )

    def line(self, printed: str) -> None:
        """Reads one line."""
        text = blank = narrow(printed)
        if _MAIL.search(text):
            self._emails += [_address(match[0]) for match in _EMAIL.finditer(text)]
            blank = _EMAIL.sub(_as_blank, text)
            blank = _MAIL_LABEL.sub(_as_blank, blank)
        at = 0
        while at < len(text):
            at = self._piece(printed, blank, _skip(blank, at))

    def finish(self) -> tuple[Contact, ...]:
        """All contacts, the current one included."""
        self._close()
        return tuple(self._done)

    def _close(self) -> None:
        if self._phones or self._people or self._emails or self._organisation:
            mails = tuple(dict.fromkeys(self._emails))
            self._done.append(Contact(self._organisation, tuple(self._phones), tuple(self._people), mails))
        self._organisation, self._phones, self._people, self._emails = "", [], [], []
        self._label = self._role = None

    def _piece(self, printed: str, text: str, at: int) -> int:
        """Reads what stands at `at` and gives where it ends."""
        if at >= len(text):
            return at
        for read in (self._number, self._extension, self._phone_label):
            end = read(text, at)
            if end > at:
                return end
        end = _organisation_end(text, at, waiting=self._role is not None)
        if end > at:
            self._open(printed[at:end])
            return end
        if self._role is None:
            end = self._role_at(text, at)
            if end > at:
                return end
        return self._name(printed, text, at)

    def _number(self, text: str, at: int) -> int:
        match = _NUMBER.match(text, at) if text[at] in "0+(" else None
        if not match:
            return at
        behind = _LABEL_BEHIND.match(text, match.end())
        label = behind["label"] if behind else self._label or ""
        self._phones.append(Phone(unspaced(label), _GAPS.sub("-", match[0].strip("( )"))))
        self._label = None
        return behind.end() if behind else match.end()

    def _extension(self, text: str, at: int) -> int:
        # The bracket before it may have been skipped as a separator.
        start = at - 1 if at and text[at - 1] in "([" else at
        # Most pieces are asked for an extension, and few begin like one.
        match = _EXTENSION.match(text, start) if start < at or text[at] in "内eE" else None
        if not match or match.end() <= at:
            return at
        if self._people and self._people[-1].extension is None and not self._label:
            last = self._people[-1]
            self._people[-1] = Person(last.role, last.name, match[1] or match[2])
        return match.end()

    def _phone_label(self, text: str, at: int) -> int:
        if not _may_be_known(text[at]):
            return at
        joined, end = _spaced_word(text, at)
        if joined and PHONE_LABEL.fullmatch(joined):
            self._label, self._role = joined, None
            return end
        match = _LABEL.match(text, at)
        if not match or (match["label"] == "内線" or not _goes_on_as_phone(text, match.end())):
            return at
        self._label, self._role = match["label"], None
        return match.end()

    def _role_at(self, text: str, at: int) -> int:
        joined, end = _spaced_word(text, at)
        if joined in _ROLE_SET:
            self._role = joined
            return end
        match = ROLE.match(text, at) or ENGLISH_ROLE.match(text, at)
        if not match:
            return at
        self._role = unspaced(match["role"])
        return match.end()

    def _name(self, printed: str, text: str, at: int) -> int:
        stop = _STOP.search(text, at + 1)
        other = _NEXT_ROLE.search(text, at)
        end = min(stop.start() if stop else len(text), other.start() if other else len(text))
        name = printed[at:end].replace("\u3000", " ").strip(" :：・、,")
        if self._role is not None and name and len(name) <= _LONGEST_NAME:
            for one in _BETWEEN_NAMES.split(name):
                self._people.append(Person(self._role, " ".join(one.split())))
            self._role = None
        elif not self.begun and name and not _REMARK.match(printed):
            self._organisation, self._guessed = name, True
        return max(end, at + 1)

    def _open(self, organisation: str) -> None:
        organisation = organisation.replace("\u3000", " ").strip(" :：・")
        self._role = None
        started = bool(self._phones or self._people or self._emails)
        if started or (self._organisation and not self._guessed and ORGANISATION_START.match(organisation)):
            self._close()
        self._organisation = organisation if self._guessed else self._organisation + organisation
        self._guessed = False


def _as_blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _skip(text: str, at: int) -> int:
    match = _SEPARATORS.match(text, at)
    return match.end() if match else at


def _address(text: str) -> str:
    return _AT.sub("@", text)


def _goes_on_as_phone(text: str, at: int) -> bool:
    rest = text[_skip(text, at) :]
    return not rest or rest[0] in "0+(" or PHONE_LABEL.match(rest) is not None


def _spaced_word(text: str, at: int) -> tuple[str, int]:
    """The longest known label or role that letter-spacing tore apart (`室　　長`), and where it ends."""
    if not _may_be_known(text[at : at + 1]):
        return "", at
    best, length = _spaced(text[at : at + _SPACED_REACH])
    return best, at + length


def _may_be_known(first: str) -> bool:
    """Whether a known role or a telephone's name can begin with a letter; a sign may stand before one."""
    return first in _FIRST_LETTERS or not first.isalpha()


@kept(4096)
def _spaced(text: str) -> tuple[str, int]:
    # Kept: each place of a line is looked at for a label and for a role, and offices sign many releases.
    joined, best, end = "", "", 0
    for match in list(_PIECE.finditer(text))[:6]:
        joined += match[0]
        if joined in _ROLE_SET or PHONE_LABEL.fullmatch(joined):
            best, end = joined, match.end()
        elif len(joined) > 10:  # noqa: PLR2004
            break
    return best, end


@kept(1024)
def _organisation_end(text: str, at: int, *, waiting: bool) -> int:
    """Where an organisation that begins at `at` ends; `at` if none does.

    A waiting role wants a name, and 服部 or 長谷部 end like an office: then only a ministry opens a block.
    Kept for the same reason as `_spaced`: offices sign many releases.
    """
    phone = _STOP.search(text, at)
    end = phone.start() if phone else len(text)
    begins = ORGANISATION_START.match(text, at)
    tail = text[at:end].rstrip(" :/、")
    if waiting and not begins and len(tail) <= _SHORT_NAME:
        return at
    role = next((match for match in _BLANKS.finditer(tail) if _is_role(tail[match.end() :])), None)
    office = tail[: role.start()] if role else tail
    if begins or (ORGANISATION_END.search(office) and not _is_role(office)):
        return at + len(office)
    return at


def _is_role(text: str) -> bool:
    joined, _ = _spaced_word(text, 0)
    match = ROLE.match(text)
    return joined in _ROLE_SET or (
        match is not None and (match.end() == len(text) or text[match.end()] in " :(")
    )
