"""What long work shows while it goes on."""

from io import StringIO

from rich.console import Console

from cli.progress import progress


def console(*, terminal: bool) -> Console:
    """A console that remembers what it showed."""
    return Console(file=StringIO(), force_terminal=terminal, width=100, color_system=None)


def shown(on: Console) -> str:
    """All that it showed."""
    assert isinstance(on.file, StringIO)
    return on.file.getvalue()


def test_a_bar_counts_while_there_is_something_to_count() -> None:
    """How far, of how much, of what."""
    on = console(terminal=True)
    with progress("reading", unit="bytes", console=on) as told:
        told(3, 4)
    last = shown(on).rpartition("reading")[2]
    assert "75%" in last
    assert "3/4 bytes" in last


def test_a_bar_does_not_stand_at_its_end_while_work_goes_on() -> None:
    """What comes after is named; nobody knows how far it is, so no share is shown."""
    on = console(terminal=True)
    with progress("reading", unit="bytes", console=on) as told:
        told(4, 4)
        told.now("comparing")
    last = shown(on).rpartition("comparing")[2]
    assert "comparing" in shown(on)
    assert "%" not in last
    assert "bytes" not in last


def test_a_log_file_has_a_line_for_what_comes_after() -> None:
    """Where stderr is no terminal, each piece of work is a line."""
    on = console(terminal=False)
    with progress("reading", unit="bytes", console=on) as told:
        told(4, 4)
        told.now("comparing")
    assert shown(on).splitlines() == ["reading: 4 of 4 bytes", "comparing"]
