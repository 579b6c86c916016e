"""The OpenAPI document, written from the table of addresses, so that the two cannot drift apart."""

import re
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from pydantic import TypeAdapter

from web import convertors, formats, shapes
from web.asking import Parameter
from web.guard import LONGEST_TARGET
from web.places import PLACES, Place
from web.sql.page import QUERY

_REF: Final = "#/components/schemas/{model}"
# The guard at the door says this, before anything knows what was asked for; hence no JSON.
_TOO_LONG: Final = {
    "description": f"The address is longer than {LONGEST_TARGET} bytes, as percent-encoded.",
    "content": {"text/plain": {"schema": {"type": "string"}}},
}


@lru_cache(maxsize=8)
def document(base: str, *, sql: bool) -> bytes:
    """The document as JSON; with the SQL endpoint where that is open."""
    schemas: dict[str, Any] = {}
    paths = {}
    for place in PLACES:
        for kind in place.formats:
            if kind != "html":
                paths[f"{place.path}.{kind}"] = {"get": _operation(place, kind, schemas)}
    if sql:
        paths["/sql.json"] = {"get": _sql(schemas), "post": _posted(_sql(schemas))}
    _schema(shapes.Problem, schemas)
    return formats.as_json(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "moej reading room",
                "version": _version(),
                "summary": "The press releases of Japan's Ministry of the Environment, every version.",
                "description": f"{formats.CREDIT['credit']}. {formats.CREDIT['edited']}",
                "license": {"name": formats.CREDIT["licence"]},
            },
            "servers": [{"url": base}],
            "paths": paths,
            "components": {"schemas": schemas},
        }
    )


def _operation(place: Place, kind: str, schemas: dict[str, Any]) -> dict[str, Any]:
    media_type = formats.MEDIA_TYPES[kind].partition(";")[0]
    shape = _schema(place.shape, schemas) if kind == "json" else {"type": "string"}
    names = re.findall(r"{(\w+)}", place.path)
    return {
        "operationId": f"{place.name}_{kind}",
        "summary": place.about,
        "parameters": [_in_path(name) for name in names] + [_in_query(one) for one in place.parameters],
        "responses": {
            "200": {"description": place.about, "content": {media_type: {"schema": shape}}},
            "304": {"description": "You hold this answer already (If-None-Match)."},
            "400": _problem("A value cannot be what it is."),
            "404": _problem("There is no such thing."),
            "414": _TOO_LONG,
            "503": _problem("No archive yet, or the question took too long."),
        },
    }


def _sql(schemas: dict[str, Any]) -> dict[str, Any]:
    about = "One SELECT statement against the archive, within limits of time, memory and rows."
    return {
        "operationId": "sql_json",
        "summary": about,
        "parameters": [_in_query(QUERY) | {"required": True}],
        "responses": {
            "200": {
                "description": about,
                "content": {"application/json": {"schema": _schema(shapes.Sql, schemas)}},
            },
            "400": _problem("Not a statement that is answered here."),
            "414": _TOO_LONG,
            "503": _problem("It took too long, or the room is busy."),
        },
    }


def _posted(get: dict[str, Any]) -> dict[str, Any]:
    """The same question with the query in the body, where it may be of any script and its full length."""
    shape = {
        "type": "object",
        "required": ["query"],
        "properties": {"query": get["parameters"][0]["schema"]},
    }
    responses = {status: one for status, one in get["responses"].items() if status != "414"}
    return {
        "operationId": "sql_json_post",
        "summary": f"{get['summary']} Changes nothing: for queries too long for an address.",
        "requestBody": {
            "required": True,
            "content": {
                kind: {"schema": shape} for kind in ("application/x-www-form-urlencoded", "application/json")
            },
        },
        "responses": responses,
    }


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": convertors.schema(name)}


def _in_query(parameter: Parameter) -> dict[str, Any]:
    return {"name": parameter.name, "in": "query", "description": parameter.about, "schema": parameter.schema}


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model="Problem")}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _schema(shape: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    """A reference to the schema of a type, which is put among `schemas` with all it refers to."""
    made = TypeAdapter(shape).json_schema(ref_template=_REF)
    schemas |= made.pop("$defs", {})
    schemas[shape.__name__] = made
    return {"$ref": _REF.format(model=shape.__name__)}


def _version() -> str:
    try:
        return version("moej")
    except PackageNotFoundError:
        return "0"
