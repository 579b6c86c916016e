"""連絡先 in each of the forms in which the Ministry prints it."""

from collections.abc import Callable
from html import escape

from pressroom.records import Contact, Person


def block(contact: Contact) -> str:
    """One contact in its form; raises `KeyError` for a form nobody has written."""
    return _FORMS[contact.form](contact)


def _pairs(contact: Contact) -> str:
    cells = [text for pair in contact.phones for text in pair]
    for person in contact.people:
        cells.extend((person.role, person.name + _extension(person, "(内線{})")))
    cells.extend(contact.emails)
    return f"<p>{_text(contact.organisation)}</p>\n<ul>\n" + _each("<li>{}</li>", cells) + "\n</ul>"


def _lines(contact: Contact) -> str:
    lines = [contact.organisation, *(f"{label}:{number}" for label, number in contact.phones)]
    lines += [f"{person.role} {person.name}{_extension(person, '(内線 {})')}" for person in contact.people]
    lines += [f"メール：{address}" for address in contact.emails]
    return "<p>" + "<br>\n".join(_text(line) for line in lines) + "</p>"


def _glued(contact: Contact) -> str:
    phones = "<br>\n".join(_text(label + number) for label, number in contact.phones)
    people = "<br>\n".join(
        _text(f"{person.role}：{person.name}{_extension(person, '({})')}") for person in contact.people
    )
    mails = "".join(f"<br>\nE-mail：{_text(address)}" for address in contact.emails)
    return f"<p>{_text(contact.organisation)}<br>\n{phones}<br>\n{people}{mails}</p>"


def _list(contact: Contact) -> str:
    rows = [*contact.phones]
    rows += [(person.role, person.name + _extension(person, "（内{}）")) for person in contact.people]
    rows += [("E-mail", address) for address in contact.emails]
    pairs = "\n".join(f"<dt>{_text(label)}</dt><dd>{_text(value)}</dd>" for label, value in rows)
    return f"<p>{_text(contact.organisation)}</p>\n<dl>\n{pairs}\n</dl>"


def _table(contact: Contact) -> str:
    rows = [*contact.phones]
    rows += [(person.role, person.name + _extension(person, "（内線{}）")) for person in contact.people]
    cells = "\n".join(f"<tr><th>{_text(label)}</th><td>{_text(value)}</td></tr>" for label, value in rows)
    return f"<p>{_text(contact.organisation)}</p>\n<table><tbody>\n{cells}\n</tbody></table>"


def _extension(person: Person, form: str) -> str:
    return form.format(person.extension) if person.extension else ""


def _text(text: str) -> str:
    return escape(text, quote=False)


def _each(form: str, texts: list[str]) -> str:
    return "\n".join(form.format(_text(text)) for text in texts)


_FORMS: dict[str, Callable[[Contact], str]] = {
    "pairs": _pairs,
    "lines": _lines,
    "glued": _glued,
    "list": _list,
    "table": _table,
}
