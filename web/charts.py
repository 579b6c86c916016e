"""The charts of the JCM page as Vega-Lite specifications: drawn in the browser, or to a file by `moej chart`.

Nothing is told by colour alone: kinds and countries have rows of their own, counts stand as figures. Every
mark carries the address of its releases.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any, Final
from urllib.parse import urlencode

from extractors.jcm import KINDS, PARTNERS

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
BLUE: Final = "#0b5394"
LAND: Final = "/static/world/land-110m.json"
NAMES: Final = ("timeline", "map", "heat", "credits")
SHORT_DAYS: Final = 900
CONFIG: Final = {
    "font": "sans-serif",
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelColor": "#222",
        "gridColor": "#e3e6ea",
        "labelLimit": 170,
    },
    "legend": {"labelFontSize": 12, "titleFontSize": 12},
}


@dataclass(frozen=True, slots=True)
class Naming:
    """How a chart says things: a string of the catalogue, and the name of a country by its code."""

    say: Callable[[str], str]
    country: Callable[[str], str]


@lru_cache(maxsize=1)
def coordinates() -> Mapping[str, tuple[float, float]]:
    """Roughly the middle of each partner country: longitude and latitude in degrees, by ISO code."""
    text = resources.files("web").joinpath("places.csv").read_text(encoding="utf-8")
    return {
        row["iso"]: (float(row["longitude"]), float(row["latitude"]))
        for row in csv.DictReader(text.splitlines())
    }


def all_of(data: Mapping[str, Any], naming: Naming, then: Mapping[str, str]) -> dict[str, Any]:
    """Every chart by its name; `data` as the JCM page has it, `then` what every link carries on."""
    return {
        "timeline": timeline(data["announcements"], naming, then),
        "map": world(data["partners"], naming, then),
        "heat": heat(data["by_country_and_year"], naming, then),
        "credits": issued(data["credits_by_country_and_year"], naming, then),
    }


def timeline(rows: Sequence[Mapping[str, Any]], naming: Naming, then: Mapping[str, str]) -> dict[str, Any]:
    """A mark for each announcement: when, and of which kind."""
    values = [
        {
            "day": row["published_on"].isoformat(),
            "kind": naming.say(f"kind_{row['jcm_kind']}"),
            "title": row["title"],
            "href": _link(f"/releases/{row['release_id']}", then),
        }
        for row in rows
        if row["jcm_kind"] in KINDS
    ]
    kinds = [naming.say(f"kind_{kind}") for kind in KINDS]
    return _chart(naming.say("jcm_chart_timeline")) | {
        "height": {"step": 26},
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "size": 70, "color": BLUE, "opacity": 0.75},
        "encoding": {
            "x": {
                "field": "day",
                "type": "temporal",
                "title": None,
                "axis": _time_axis([row["published_on"] for row in rows]),
                "scale": {"padding": 12},
            },
            "y": {
                "field": "kind",
                "type": "nominal",
                "title": None,
                "sort": kinds,
                "axis": {"grid": True},
            },
            "tooltip": {"field": "title"},
            "href": {"field": "href"},
        },
    }


def _time_axis(days: Sequence[date]) -> dict[str, Any]:
    """Years, or months where a year's mark might not stand in the chart at all."""
    if days and (max(days) - min(days)).days < SHORT_DAYS:
        return {"format": "%Y-%m", "tickCount": 6, "labelOverlap": True}
    return {"format": "%Y", "tickCount": "year", "labelOverlap": True}


def world(rows: Sequence[Mapping[str, Any]], naming: Naming, then: Mapping[str, str]) -> dict[str, Any]:
    """The partner countries on a map; the area of a mark grows with the announcements, a ring has none."""
    values = [
        {
            "longitude": coordinates()[row["country"]][0],
            "latitude": coordinates()[row["country"]][1],
            "name": f"{naming.country(row['country'])} {row['announcements']}",
            "announcements": row["announcements"],
            "href": _link("/jcm", {"partner": row["country"]} | dict(then)),
        }
        for row in rows
        if row["country"] in coordinates()
    ]
    land = {
        "data": {"url": LAND, "format": {"type": "topojson", "feature": "land"}},
        "mark": {"type": "geoshape", "fill": "#dfe4e8", "stroke": None, "tooltip": None},
    }
    marks = {
        "data": {"values": values},
        "mark": {"type": "circle", "stroke": BLUE, "strokeWidth": 1.5},
        "encoding": {
            "longitude": {"field": "longitude", "type": "quantitative"},
            "latitude": {"field": "latitude", "type": "quantitative"},
            "size": {
                "field": "announcements",
                "type": "quantitative",
                "scale": {"range": [40, 500], "zero": True},
                "legend": None,
            },
            "color": {"condition": {"test": "datum.announcements > 0", "value": BLUE}, "value": "white"},
            "tooltip": {"field": "name"},
            "href": {"field": "href"},
        },
    }
    return _chart(naming.say("jcm_chart_map")) | {
        "width": 720,
        "height": 340,
        "autosize": {"type": "fit", "contains": "padding"},
        "projection": {"type": "equalEarth", "rotate": [-75, 0, 0]},
        "layer": [land, marks],
    }


def heat(rows: Sequence[Mapping[str, Any]], naming: Naming, then: Mapping[str, str]) -> dict[str, Any]:
    """How many announcements name a country in a year; the figure stands in each field."""
    values = [
        {
            "country": naming.country(row["country"]),
            "year": row["year"],
            "announcements": row["announcements"],
            "href": _link("/jcm", {"partner": row["country"], "year": row["year"]} | dict(then)),
        }
        for row in rows
    ]
    order = [naming.country(partner.iso) for partner in PARTNERS]
    most = max((row["announcements"] for row in rows), default=1)
    return _chart(naming.say("jcm_chart_heat")) | {
        "height": {"step": 22},
        "data": {"values": values},
        "encoding": {
            "x": {
                "field": "year",
                "type": "ordinal",
                "title": None,
                "axis": {"labelAngle": 0, "orient": "top"},
            },
            "y": {"field": "country", "type": "nominal", "title": None, "sort": order},
            "href": {"field": "href"},
        },
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "white"},
                "encoding": {
                    "color": {
                        "field": "announcements",
                        "type": "quantitative",
                        "legend": None,
                        "scale": {"range": ["#dbe9f6", BLUE], "domain": [1, max(most, 2)]},
                    }
                },
            },
            {
                "mark": {"type": "text", "fontSize": 12},
                "encoding": {
                    "text": {"field": "announcements", "type": "quantitative"},
                    "color": {
                        "condition": {"test": f"datum.announcements > {most} / 2 + 0.5", "value": "white"},
                        "value": "#111",
                    },
                },
            },
        ],
    }


def issued(rows: Sequence[Mapping[str, Any]], naming: Naming, then: Mapping[str, str]) -> dict[str, Any]:
    """Credits by country and year; the area of a mark grows with the tonnes."""
    values = [
        {
            "country": naming.country(row["country"]) if row["country"] else naming.say("jcm_several"),
            "year": row["year"],
            "tonnes": row["tonnes"],
            "name": f"{row['tonnes']:,.0f} tCO2",
            "href": _issued_link(row, then),
        }
        for row in rows
    ]
    return _chart(naming.say("jcm_chart_credits")) | {
        "height": {"step": 30},
        "data": {"values": values},
        "mark": {"type": "circle", "color": BLUE, "opacity": 0.75, "stroke": BLUE},
        "encoding": {
            "x": {
                "field": "year",
                "type": "ordinal",
                "title": None,
                "axis": {"labelAngle": 0, "orient": "top", "grid": True, "domain": False, "ticks": False},
            },
            "y": {
                "field": "country",
                "type": "nominal",
                "title": None,
                "axis": {"grid": True, "domain": False, "ticks": False},
                "sort": {"field": "tonnes", "op": "sum", "order": "descending"},
            },
            "size": {
                "field": "tonnes",
                "type": "quantitative",
                "scale": {"range": [30, 620], "zero": True},
                "legend": {"title": "tCO2", "orient": "bottom", "direction": "horizontal", "tickCount": 3},
            },
            "tooltip": {"field": "name"},
            "href": {"field": "href"},
        },
    }


def _issued_link(row: Mapping[str, Any], then: Mapping[str, str]) -> str:
    """The release behind a sum, or the announcements of credits that make it up."""
    if row["release_id"]:
        return _link(f"/releases/{row['release_id']}", then)
    partner = {"partner": row["country"]} if row["country"] else {}
    return _link("/jcm", {"kind": "credits"} | partner | {"year": row["year"]} | dict(then))


def _chart(description: str) -> dict[str, Any]:
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": "container",
        "config": CONFIG,
    }


def _link(path: str, values: Mapping[str, Any]) -> str:
    return f"{path}?{urlencode(dict(values))}" if values else path
