"""An archive with one release, and the command called in this process."""

import shutil
from pathlib import Path

import pytest

from cli.main import run

PAGE = """<!DOCTYPE html><html lang="ja"><head><title>{title}</title></head><body><main>
<div class="c-component"><div class="p-press-release-material">
<span class="p-press-release-material__date">2026年02月03日</span>
<h1 class="p-press-release-material__heading">{title}</h1></div>
<div class="c-component__bg-area"><div class="wysiwyg"><p>1. 湖の水質を測る会合を開きました。</p></div></div>
<div class="wysiwyg"><p>{text}</p></div></div></main></body></html>"""
URL = "https://www.env.go.jp/press/press_09001.html"


def moej(*arguments: str) -> int:
    """The exit code of one call in this process."""
    with pytest.raises(SystemExit) as left:
        run(arguments)
    return int(left.value.code or 0)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the archive lies that tests begin with, once the first of them has made it."""
    return tmp_path_factory.mktemp("imported")


@pytest.fixture
def data(kept: Path, tmp_path: Path) -> Path:
    """An archive with one imported release, a copy of the test's own."""
    saved = tmp_path / "page.html"
    saved.write_text(
        PAGE.format(title="湖沼の水質調査の結果について", text="結果は良好でした。"), encoding="utf-8"
    )
    # Not made with the folder: that is before the settings of this machine are taken away.
    if not (kept / "data").exists():
        assert moej("--data", str(kept / "fresh"), "import", str(saved), "--url", URL) == 0
        (kept / "fresh").rename(kept / "data")
    shutil.copytree(kept / "data", tmp_path / "data")
    return tmp_path / "data"
