import json
import re

import httpx
import jsonschema  # type: ignore[import-untyped]
import pytest

from web.places import PLACES

IDS = {
    "release_id": "20250630-press_00177",
    "version": "2",
    "pair": "1..2",
    "capture_id": "00000000-0000-4000-8000-000000000001",
    "run_id": "run-1",
}


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
    filled = re.sub(r"{(\w+)}", lambda found: IDS[found[1]], path)
    answer = client.get(filled, params={"q": "JCM"} if "search" in path else {})
    validator = jsonschema.Draft202012Validator(
        schema | {"components": document["components"]}, format_checker=jsonschema.FormatChecker()
    )
    assert [error.message for error in validator.iter_errors(answer.json())] == []


def test_the_document_names_every_address_and_value(document: dict[str, object]) -> None:
    """Each page and format is there with its parameters, and each operation has a name of its own."""
    paths = document["paths"]
    names = [one["get"]["operationId"] for one in paths.values()]  # type: ignore[attr-defined]
    assert len(names) == len(set(names)) == 1 + sum(len(place.formats) - 1 for place in PLACES)
    releases = paths["/releases.csv"]["get"]["parameters"]  # type: ignore[index]
    assert {"from", "to", "category", "kind", "country", "as_of", "cursor"} <= {
        one["name"] for one in releases
    }
    assert "$ref" not in json.dumps(releases)


def test_schemathesis_finds_no_break(address: str) -> None:
    """Thousands of made-up questions give no server error and no answer other than the document says."""
    schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed here")
    hypothesis = pytest.importorskip("hypothesis")
    checks = schemathesis.checks
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    wanted = [
        checks.not_a_server_error,
        checks.load_all_checks() or schemathesis.specs.openapi.checks.status_code_conformance,
        schemathesis.specs.openapi.checks.content_type_conformance,
        schemathesis.specs.openapi.checks.response_schema_conformance,
    ]

    for operation in (one.ok() for one in schema.get_all_operations()):
        if operation.path == "/sql.json":
            continue

        @hypothesis.settings(  # type: ignore[untyped-decorator]
            max_examples=5,
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
            derandomize=True,
        )
        @hypothesis.given(case=operation.as_strategy())  # type: ignore[untyped-decorator]
        def ask(case: object) -> None:
            case.call_and_validate(checks=wanted, headers={"host": httpx.URL(address).netloc.decode()})  # type: ignore[attr-defined]

        ask()
