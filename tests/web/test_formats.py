import csv
import io

import httpx
import pyarrow.parquet as pq
import pytest

from tests.web import shelf
from web.formats import wanted


def test_csv_cells_cannot_be_formulas(client: httpx.Client) -> None:
    """A title that begins like a formula is text to a spreadsheet."""
    body = client.get("/releases.csv").content.decode("utf-8-sig")
    rows = {row["release_id"]: row for row in csv.DictReader(io.StringIO(body))}
    assert len(rows) == 65
    assert rows[shelf.HOSTILE]["title"].startswith("'=HYPERLINK")
    assert rows[shelf.CREDITS]["jcm_tonnes"] == "9206.0"


@pytest.mark.parametrize("path", ["/releases", "/search", "/jcm", "/runs", "/run", "/quarantine", "/alerts"])
def test_lists_are_csv_and_parquet(client: httpx.Client, path: str) -> None:
    """Every list comes as a table with as many rows in both formats, and the file says whose it is."""
    place = "/runs/run-1" if path == "/run" else path
    query = "q=JCM" if path == "/search" else ""
    as_csv = client.get(f"{place}.csv?{query}")
    as_parquet = client.get(f"{place}.parquet?{query}")
    table = pq.read_table(io.BytesIO(as_parquet.content))
    assert as_csv.headers["content-disposition"].startswith("attachment")
    assert len(list(csv.reader(io.StringIO(as_csv.content.decode("utf-8-sig"))))) == table.num_rows + 1
    assert "環境省" in (table.schema.metadata or {})[b"credit"].decode()


def test_an_empty_list_is_still_a_table(client: httpx.Client) -> None:
    """A filter that leaves nothing gives the columns and no rows."""
    table = pq.read_table(io.BytesIO(client.get("/releases.parquet?from=2030-01-01").content))
    assert (table.num_rows, table.column_names[0]) == (0, "release_id")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "html"),
        ("*/*", "html"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "html"),
        ("application/json", "json"),
        ("application/json;q=0.5, text/csv", "csv"),
        ("text/*;q=0.3, application/json;q=0.9", "json"),
        ("application/vnd.apache.parquet", "parquet"),
        ("image/png", None),
        ("text/html;q=x, application/json", "json"),
    ],
)
def test_the_accept_header_chooses(accept: str, kind: str | None) -> None:
    """The best format that is offered and accepted is given; none where none is."""
    assert wanted(accept, ("html", "json", "csv", "parquet")) == kind


def test_nothing_acceptable_is_said(client: httpx.Client) -> None:
    """A program that takes only pictures is told what there is."""
    answer = client.get("/releases", headers={"accept": "image/png"})
    assert answer.status_code == 406


@pytest.mark.parametrize("form", ["json", "csv", "parquet"])
def test_a_program_that_misspells_a_filter_is_told(client: httpx.Client, address: str, form: str) -> None:
    """All releases would be a wrong answer that looks like a right one; the names there are are said."""
    answer = client.get(f"/releases.{form}", params={"countries": "VN"})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("found the parameter 'countries', expected from, to")
    # Who chooses a language is given a cookie, which the others' client must not carry on.
    assert httpx.get(f"{address}/releases.{form}", params={"country": "VN", "ui": "en"}).status_code == 200


def test_what_others_add_to_an_address_changes_no_page(client: httpx.Client) -> None:
    """A link from a letter carries where it was found: the page is the same one, and so are its links."""
    plain = client.get("/releases", params={"jcm": "subject"})
    followed = client.get("/releases", params={"jcm": "subject", "utm_source": "mail"})
    assert followed.status_code == 200
    assert followed.text == plain.text
    assert followed.headers["etag"] == plain.headers["etag"]
