import json
import os
import re
import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import httpx
import pytest
import typer

from cli.chart import chart, draw, joined
from cli.context import Context
from cli.serve import serve
from extractors.errors import Usage
from extractors.site import JAPAN
from flows.settings import load_settings
from web.drawing import specifications

PROGRAM = """
import sys
import typer
from cli.context import Context
from cli.serve import serve
from flows.settings import load_settings
from pathlib import Path

app = typer.Typer()

@app.callback()
def options(ctx: typer.Context) -> None:
    ctx.obj = Context(settings=load_settings(data=Path(sys.argv.pop())))

app.command()(serve)
app(args=["serve", "--port", "0"])
"""


def context(data: Path, *, as_json: bool = False) -> typer.Context:
    """What a command is handed."""
    made = typer.Context(typer.core.TyperCommand("moej"))
    made.obj = Context(settings=load_settings(data=data, lang="en"), as_json=as_json)
    return made


def test_serve_tells_its_address_and_ends_when_told(data: Path) -> None:
    """The command says where the room is open, answers there, and leaves quietly when interrupted."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(data)],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"COLUMNS": "200"},
    ) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert found, said
        assert httpx.get(f"{found[0]}/releases.json?limit=1").json()["count"] == 65
        process.terminate()
        assert process.wait(20) is not None


def test_serve_refuses_an_address_that_is_none(data: Path) -> None:
    """A public address without a scheme would end up in every permanent link."""
    with pytest.raises(Usage, match="--public-url"):
        serve(context(data), public_url="moej.example.org")


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1"])
def test_serve_says_where_it_cannot_listen(data: Path, host: str) -> None:
    """A port that is taken, an address of another machine: one line, and not the server's own exit code 3."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Usage, match=rf"cannot listen on {host}:{port}: .*choose another --port"):
            serve(context(data), host=host, port=port)


@pytest.mark.parametrize("form", ["json", "svg", "png", "html"])
def test_a_chart_is_drawn_to_a_file(data: Path, tmp_path: Path, form: str) -> None:
    """Every form is written without a network, with the source in it."""
    if form != "json":
        pytest.importorskip("vl_convert", reason="vl-convert-python is not installed here")
    to = tmp_path / f"jcm.{form}"
    chart(context(data), "jcm", to=to)
    body = to.read_bytes()
    begins = {"png": b"\x89PNG", "svg": b"<svg", "html": b"<!DOCTYPE html", "json": b"{"}[form]
    assert body.startswith(begins)
    if form != "png":
        assert "環境省ホームページ" in body.decode()
        assert not re.search(r'(?:src|href)="https?://', body.decode())


def test_one_chart_may_be_chosen(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--chart credits` draws that one, and `--json` says which file was written."""
    to = tmp_path / "credits.json"
    chart(context(data, as_json=True), "jcm", to=to, name="credits")
    assert len(json.loads(to.read_bytes())["vconcat"]) == 1
    assert json.loads(capsys.readouterr().out) == {"file": str(to), "charts": ["credits"]}


def test_a_chart_of_the_past_holds_less(data: Path) -> None:
    """`--as-of` draws the archive as it was."""
    before = specifications(data, lang="ja", as_of=datetime(2025, 6, 1, tzinfo=JAPAN))
    now = specifications(data, lang="ja")
    assert (len(before["timeline"]["data"]["values"]), len(now["timeline"]["data"]["values"])) == (0, 22)


def test_the_map_of_a_file_brings_its_land(data: Path) -> None:
    """A file has no server to ask for the coast lines, so they stand in it."""
    made = json.loads(draw(joined(specifications(data, lang="en")), "json"))
    land = made["vconcat"][1]["layer"][0]["data"]
    assert land["values"]["type"] == "Topology"
    assert "href" not in json.dumps(made["vconcat"])


@pytest.mark.parametrize(
    ("subject", "name", "to"), [("water", "", "x.png"), ("jcm", "pie", "x.png"), ("jcm", "", "x.gif")]
)
def test_what_cannot_be_drawn_is_said(data: Path, tmp_path: Path, subject: str, name: str, to: str) -> None:
    """Another subject, chart or form is a usage error with those there are, and no file is left."""
    with pytest.raises(Usage, match="expected"):
        chart(context(data), subject, to=tmp_path / to, name=name)
    assert not list(tmp_path.iterdir())
