import json
import re
from http import HTTPStatus
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from tests.web import shelf
from web.places import PLACES

SQL: dict[str, dict[str, Any]] = {
    "get": {"query": {"query": "SELECT 1"}},
    "post": {"body": {"query": "SELECT 1"}, "media_type": "application/json"},
}
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture(scope="module")
def document(client: httpx.Client) -> dict[str, object]:
    """The document as it is served."""
    found: dict[str, object] = client.get("/openapi.json").json()
    return found


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_answer_is_as_the_document_says(
    client: httpx.Client, document: dict[str, object], place: object
) -> None:
    """The JSON form of every page validates against its schema in the document."""
    path = f"{place.path}.json"  # type: ignore[attr-defined]
    schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]  # type: ignore[index]
    filled = re.sub(r"{(\w+)}", lambda found: shelf.IDS[found[1]], path)
    answer = client.get(filled, params={"q": "JCM"} if "search" in path else {})
    validator = jsonschema.Draft202012Validator(
        schema | {"components": document["components"]}, format_checker=jsonschema.FormatChecker()
    )
    assert [error.message for error in validator.iter_errors(answer.json())] == []


def test_the_document_names_every_address_and_value(document: dict[str, object]) -> None:
    """Each page and format is there with its parameters, and each operation has a name of its own."""
    paths = document["paths"]
    names = [how["operationId"] for one in paths.values() for how in one.values()]  # type: ignore[attr-defined]
    assert len(names) == len(set(names)) == 2 + sum(len(place.formats) - 1 for place in PLACES)
    releases = paths["/releases.csv"]["get"]["parameters"]  # type: ignore[index]
    assert {"from", "to", "category", "kind", "country", "as_of", "cursor"} <= {
        one["name"] for one in releases
    }
    assert "$ref" not in json.dumps(releases)


@pytest.mark.parametrize(
    ("mode", "known", "examples"),
    [
        (GenerationMode.POSITIVE, True, 8),
        (GenerationMode.POSITIVE, False, 4),
        (GenerationMode.NEGATIVE, False, 8),
    ],
    ids=["of-what-is-there", "of-made-up-ids", "malformed"],
)
def test_schemathesis_finds_no_break(address: str, mode: GenerationMode, known: bool, examples: int) -> None:  # noqa: FBT001
    """Made-up questions break nothing, and every answer has a status, type and shape of the document."""
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    operations = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    statuses = set()
    with requests.Session() as session:
        for operation in operations:
            names = [one.name for one in operation.path_parameters]
            asked = [*names, *operation.query, *operation.body]
            if mode is GenerationMode.NEGATIVE and not asked:
                continue  # Nothing is asked here, so nothing can be malformed.
            sql = operation.path == "/sql.json"
            # A query starts a process, and has tests of its own; the formats of a page read what is asked
            # with the same code.
            few = sql or operation.path.endswith((".csv", ".parquet"))

            @settings(
                max_examples=-(-examples // 4) if few else examples,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                derandomize=True,
            )
            @given(
                case=operation.as_strategy(
                    generation_mode=mode,
                    path_parameters={name: shelf.IDS[name] for name in names} if known else None,
                    **(SQL[operation.method] if sql and known else {}),
                )
            )
            def ask(case: schemathesis.Case[Any]) -> None:
                answer = case.call(session=session)
                statuses.add((case.operation.label, answer.status_code))
                case.validate_response(answer, checks=CHECKS)

            ask()
    if known:
        # A suite that only ever met refusals would have checked no page's shape.
        answered = {label for label, status in statuses if status == HTTPStatus.OK}
        assert answered == {operation.label for operation in operations}


@pytest.mark.parametrize(
    ("path", "accept", "media_type"),
    [
        ("/runs/a.b.csv", "*/*", "application/json"),
        ("/nothing.parquet", "text/html", "application/json"),
        ("/nothing", "application/json", "application/json"),
        ("/nothing", "text/csv", "application/json"),
        ("/nothing", "text/html,*/*;q=0.8", "text/html"),
        ("/nothing", "*/*", "text/html"),
        ("/nothing.html", "*/*", "text/html"),
    ],
)
def test_a_refusal_has_the_form_that_was_asked_for(
    client: httpx.Client, path: str, accept: str, media_type: str
) -> None:
    """Where no address matches, programs are told so in JSON and people on a page."""
    answer = client.get(path, headers={"accept": accept})
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.headers["content-type"].partition(";")[0] == media_type
