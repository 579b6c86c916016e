"""The JCM page: announcements, partner countries, counts and credits, each as chart and table."""

from typing import Any

from extractors.jcm import KINDS
from web import charts, words
from web.asked import Asked, Page
from web.contents import COLUMNS
from web.pages.common import address, frame
from web.query import jcm as query


def jcm(asked: Asked) -> Page:
    """All announcements that pass the filters, and what they add up to."""
    data: dict[str, Any] = dict(query.everything(asked))
    rows = data["announcements"]
    counts = {
        kind: {"all": len(own), "latest": own[0]}
        for kind in KINDS
        if (own := [r for r in rows if r["jcm_kind"] == kind])
    }
    return Page(
        template="jcm.html",
        data=frame(asked) | data | {"charts": _charts(asked, data)},
        canonical=address("/jcm", asked),
        view={
            "by_kind": counts,
            "years": sorted({row["published_on"].year for row in rows}),
            "cells": {
                (row["country"], row["year"]): row["announcements"] for row in data["by_country_and_year"]
            },
            "issued": {(row["country"], row["year"]): row for row in data["credits_by_country_and_year"]},
        },
        table=rows,
        columns=COLUMNS,
    )


def _charts(asked: Asked, data: dict[str, Any]) -> dict[str, Any]:
    then = {"as_of": asked.as_of.isoformat()} if asked.as_of else {}
    naming = charts.Naming(
        say=lambda name: words.say(asked.ui, name), country=lambda code: words.country(asked.ui, code)
    )
    return charts.all_of(data, naming, then)
