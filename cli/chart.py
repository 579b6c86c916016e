"""`moej chart`: a chart of the JCM page as a file for a report."""

import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.context import Context, out
from cli.moment import AsOf
from extractors.errors import Usage

FORMS: Final = ("png", "svg", "html", "json")
WIDTH: Final = 760
SCALE: Final = 2.0
SUBJECTS: Final = ("jcm",)
CREDIT: Final = {
    # A picture travels without the page it came from: source and licence go with it.
    "text": "出典：環境省ホームページ（公共データ利用規約 第1.0版）",
    "subtitle": "Source: Ministry of the Environment, Japan (PDL 1.0); extracted and edited by moej",
    "anchor": "start",
    "orient": "bottom",
    "fontSize": 12,
    "fontWeight": "normal",
    "offset": 16,
}


def chart(
    ctx: typer.Context,
    subject: Annotated[str, typer.Argument(help="What to draw: jcm.")],
    *,
    to: Annotated[
        Path, typer.Option("--out", help="File to write; .png, .svg, .html, or .json (Vega-Lite).")
    ],
    name: Annotated[
        str, typer.Option("--chart", help="timeline, map, heat or credits; all of them without this.")
    ] = "",
    as_of: AsOf = None,
) -> None:
    """Draw the charts of the JCM page to a file, without a browser and without a network."""
    context: Context = ctx.obj
    form = to.suffix.removeprefix(".").lower()
    if subject not in SUBJECTS:
        raise Usage(f"found {subject!r}, expected {', '.join(SUBJECTS)}")
    if form not in FORMS:
        raise Usage(
            f"--out: found {to.name!r}, expected a name ending in {', '.join('.' + one for one in FORMS)}"
        )
    from web.drawing import specifications

    settings = context.settings
    charts = specifications(settings.data, lang=settings.lang, as_of=as_of, lake=settings.lake)
    if name and name not in charts:
        raise Usage(f"--chart: found {name!r}, expected one of {', '.join(charts)}")
    to.write_bytes(draw(joined({name: charts[name]} if name else charts), form))
    if context.as_json:
        context.emit({"file": str(to), "charts": [name] if name else list(charts)})
    else:
        out().print(str(to))


def joined(charts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """One drawing of several charts below each other, each under its title, of a fixed width."""
    inner = [_framed(chart) for chart in charts.values()]
    shared = {key: inner[0].pop(key) for key in ("$schema", "config")}
    for one in inner[1:]:
        del one["$schema"], one["config"]
    return shared | {"title": CREDIT, "vconcat": inner, "spacing": 36}


def _framed(chart: Mapping[str, Any]) -> dict[str, Any]:
    """A chart of fixed width under its title; the land of the map inside, for want of a server."""
    made: dict[str, Any] = json.loads(json.dumps(chart))
    made["title"] = {"text": made["description"], "anchor": "start", "fontSize": 15}
    if made.get("width") == "container":
        made["width"] = WIDTH
    made.pop("autosize", None)
    for layer in made.get("layer", ()):
        if "url" in layer.get("data", {}):
            layer["data"] = {"values": _land(), "format": layer["data"]["format"]}
    return made


def _land() -> Any:
    text = resources.files("web").joinpath("static/world/land-110m.json").read_text(encoding="utf-8")
    return json.loads(text)


def draw(specification: Mapping[str, Any], form: str) -> bytes:
    """The drawing as bytes of a file: PNG at twice the screen's density, SVG, HTML that needs no network."""
    if form == "json":
        return json.dumps(specification, ensure_ascii=False, indent=1).encode()
    import vl_convert

    given = dict(specification)
    if form == "png":
        made: bytes = vl_convert.vegalite_to_png(given, scale=SCALE)
        return made
    text: str = (
        vl_convert.vegalite_to_svg(given)
        if form == "svg"
        else vl_convert.vegalite_to_html(given, bundle=True)
    )
    return text.encode()
