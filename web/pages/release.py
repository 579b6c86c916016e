"""One release: its current version, an earlier one, two compared, and the captures behind it."""

from typing import Any

from web import compare, memento, raw
from web.asked import Asked, NotHere, Page
from web.markdown import safe_url
from web.pages.common import frame
from web.query import release as query


def release(asked: Asked) -> Page:
    """The version that holds now, or held at the moment asked for."""
    return _page(asked, None, permanent=asked.as_of is not None)


def version(asked: Asked) -> Page:
    """One version by its number."""
    return _page(asked, asked.path["version"], permanent=True)


def _page(asked: Asked, number: int | None, *, permanent: bool) -> Page:
    release_id = asked.path["release_id"]
    found, history = query.version(asked, release_id, number)
    here = memento.place(found) if permanent else f"/releases/{release_id}"
    headers = {"memento-datetime": memento.http_date(found["valid_from"])} if permanent else {}
    shown = found | {"versions": len(history)}
    return Page(
        template="release.html",
        data=frame(asked)
        | {
            "release": shown,
            "history": history,
            "related": query.related(asked, release_id),
        }
        # A page leads to its captures and does not look them up: there are more each day.
        | ({} if asked.kind == "html" else {"captures": query.captures(asked, release_id)}),
        canonical=here,
        view={"is_current": found["version"] == history[-1]["version"]},
        headers=headers,
        links=[*memento.gates(asked.base, found["url"]), *_neighbours(asked, release_id, found, history)]
        if safe_url(found["url"])
        else [],
    )


def _neighbours(
    asked: Asked, release_id: str, found: dict[str, Any], history: list[dict[str, Any]]
) -> list[str]:
    """Links to the versions before and after, as a memento must carry them."""
    number = found["version"]
    words = {
        history[0]["version"]: ["first"],
        history[-1]["version"]: ["last"],
    }
    if history[0]["version"] == history[-1]["version"]:
        words = {history[0]["version"]: ["first", "last"]}
    for row, word in ((number - 1, "prev"), (number + 1, "next")):
        words.setdefault(row, []).append(word)
    return [
        memento.link(
            asked.base + memento.place(row | {"release_id": release_id}),
            rel=" ".join([*words[row["version"]], "memento"]),
            datetime=memento.http_date(row["valid_from"]),
        )
        for row in history
        if row["version"] in words
    ]


def diff(asked: Asked) -> Page:
    """Two versions compared."""
    release_id, (old, new) = asked.path["release_id"], asked.path["pair"]
    before = query.whole(asked, release_id, old)
    after = query.whole(asked, release_id, new)
    _, history = query.version(asked, release_id, new)
    fields = compare.fields(before, after, query.replaced(asked, release_id, old, new))
    return Page(
        template="diff.html",
        data=frame(asked)
        | {
            "release_id": release_id,
            "old": old,
            "new": new,
            "fields": [
                {"field": one.name, "pieces": [{"op": p.op, "text": p.text} for p in one.pieces]}
                for one in fields
            ],
        },
        canonical=f"/releases/{release_id}/diff/{old}..{new}",
        view={
            "before": before,
            "after": after,
            "diffs": fields,
            "shown": asked.values.get("view", "columns"),
            "history": history,
        },
    )


def capture(asked: Asked) -> Page:
    """One response, without its bytes."""
    found = query.capture(asked, asked.path["capture_id"])
    if asked.as_of and found["fetched_at"] > asked.as_of:
        raise NotHere(asked.path["capture_id"])
    address = f"/captures/{found['capture_id']}/raw" if found["held_bytes"] else None
    return Page(
        template="capture.html",
        data=frame(asked) | {"capture": found, "raw": address},
        view={"source": raw.source(asked, found) if asked.kind == "html" else None},
        canonical=f"/captures/{found['capture_id']}",
        headers={"memento-datetime": memento.http_date(found["fetched_at"])},
        links=memento.gates(asked.base, found["page"]) if safe_url(found["page"]) else [],
    )
