import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs

import duckdb
import httpx
import pytest

from tests.web import shelf
from tests.web.conftest import running
from warehouse import open_archive
from web import Room

PAGES = (
    "/",
    "/releases",
    "/releases?jcm=subject&kind=credits&withdrawn=no",
    "/search",
    "/search?q=JCM",
    "/search?q=JCM&years=yes",
    f"/releases/{shelf.THREE}",
    f"/releases/{shelf.THREE}/versions/1",
    f"/releases/{shelf.THREE}/diff/1..2",
    f"/releases/{shelf.THREE}/diff/1..3?view=inline",
    f"/releases/{shelf.CREDITS}/diff/1..2",
    f"/captures/{shelf.RAW}",
    f"/releases/{shelf.THREE}/captures",
    "/jcm",
    "/jcm?partner=MN&year=2025",
    "/health",
    "/runs",
    "/runs/run-1",
    "/quarantine?open=yes",
    "/alerts",
    "/about",
)


def titles(client: httpx.Client, query: str) -> list[str]:
    """Titles of the list that a query gives."""
    return [one["title"] for one in client.get(f"/releases.json?{query}").json()["releases"]]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_html_and_json_with_its_source(client: httpx.Client, path: str) -> None:
    """Each page answers as HTML and as JSON, and both name the Ministry and the licence."""
    html = client.get(path)
    as_json = client.get(path, headers={"accept": "application/json"})
    assert (html.status_code, html.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Public Data License 1.0" in html.text
    assert "Extracted and edited by the program moej" in html.text
    assert as_json.headers["content-type"] == "application/json"
    assert as_json.json()["source"]["licence"].startswith("公共データ利用規約")


@pytest.mark.parametrize("path", [one for one in PAGES if one != "/"])
def test_the_suffix_and_the_header_give_the_same_json(client: httpx.Client, path: str) -> None:
    """`.json` after the path and an Accept header are two ways to one answer."""
    place, _, query = path.partition("?")
    by_suffix = client.get(f"{place}.json?{query}")
    by_header = client.get(path, headers={"accept": "application/json"})
    # The rest of a list is named in the form that was asked for.
    assert by_suffix.json() == by_header.json()


def test_the_newest_release_comes_first(client: httpx.Client) -> None:
    """The list is in order of publication, newest first."""
    days = [one["published_on"] for one in client.get("/releases.json?limit=100").json()["releases"]]
    assert days == sorted(days, reverse=True)
    assert len(days) == 65


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("from=2025-06-01&to=2025-06-30", 4),
        ("category=水・土壌", 15),
        ("lang=en", 1),
        ("jcm=mention", 1),
        ("kind=credits&country=MN", 2),
        ("changed=yes", 2),
        ("withdrawn=only", 1),
        ("year=2025", 25),
        ("from=2030-01-01", 0),
        ("country=mn&lang=", 5),
    ],
)
def test_filters_narrow_the_list(client: httpx.Client, query: str, count: int) -> None:
    """Each filter leaves what it says, counts it, and an empty one is none."""
    found = client.get(f"/releases.json?limit=1000&{query}").json()
    assert (found["count"], len(found["releases"])) == (count, count)


@pytest.mark.parametrize("form", ["html", "json"])
def test_pages_of_a_list_join_without_gap_or_repeat(client: httpx.Client, form: str) -> None:
    """Following `next` gives every release once, in the form that was begun with."""
    address: str | None = "/releases?limit=7" if form == "html" else "/releases.json?limit=7"
    seen: list[str] = []
    while address:
        answer = client.get(address)
        if form == "json":
            seen += [one["release_id"] for one in answer.json()["releases"]]
        else:
            seen += re.findall(r'<p class="title"><a href="/releases/([^"]+)"', answer.text)
        address = answer.links.get("next", {}).get("url")
    assert len(seen) == len(set(seen)) == 65


def test_search_finds_and_marks(client: httpx.Client) -> None:
    """A search counts, marks what matched, and groups by year."""
    found = client.get("/search.json?q=クレジット 発行&years=yes").json()
    page = client.get("/search?q=クレジット 発行").text
    assert client.get("/search.json?q=クレジット 発行").json()["count"] is None
    assert shelf.CREDITS in [hit["release_id"] for hit in found["hits"]]
    assert found["count"] == sum(year["releases"] for year in found["years"])
    assert "<mark>クレジット</mark>" in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("JCM", 23),
        ("JCM kind:credits", 4),
        ("JCM -country:MN", 18),
        ("kind:meeting", 3),
        ("JCM from:2025-06 to:2025-06-25", 1),
        ("category:水・土壌", 15),
        ("lang:en", 1),
        ("title:会合 -第3回", 20),
        ("モンゴル OR 活用会議", 2),
        ('"24か国が参加" ｊｃｍ', 1),
    ],
)
def test_a_search_at_a_past_moment_honours_what_is_typed(
    client: httpx.Client, query: str, count: int
) -> None:
    """Filters, -minus, OR and phrases narrow what was there then; the page shows the hits of the JSON."""
    asked = {"q": query, "as_of": "2025-07-01", "limit": "100", "years": "yes"}
    found = client.get("/search.json", params=asked).json()
    page = client.get("/search", params=asked).text
    ids = [hit["release_id"] for hit in found["hits"]]
    assert (len(ids), found["count"]) == (count, count)
    assert {hit["version"] for hit in found["hits"]} == {1}
    assert re.findall(r'<p class="title"><a href="/releases/([^"?]+)', page) == ids


@pytest.mark.parametrize(
    ("typed", "given", "instead"),
    [("titel:会合", "titel:", "title:会合"), ("category:水", "category:水", 'category:"水・土壌"')],
)
def test_a_slip_in_a_search_leads_to_what_was_meant(
    client: httpx.Client, typed: str, given: str, instead: str
) -> None:
    """The page links to the query with the name that is there, at the same moment; so does the JSON."""
    asked = {"q": typed, "as_of": "2025-07-01"}
    (hint,) = client.get("/search.json", params=asked).json()["hints"]
    assert (hint["given"], hint["instead"]) == (given, instead)
    page = client.get("/search", params=asked).text
    led = re.search(r'<p class="notice">[^<]*<a href="/search[?]([^"]+)"', page)
    assert led
    assert parse_qs(unescape(led[1])) == {"q": [instead], "as_of": ["2025-07-01"]}


def test_search_pages_do_not_overlap(client: httpx.Client) -> None:
    """The second page of a search goes on where the first ended."""
    first = client.get("/search.json?q=会合&limit=5").json()
    second = client.get(first["next"]).json()
    ids = [hit["release_id"] for page in (first, second) for hit in page["hits"]]
    assert len(ids) == len(set(ids)) == 10


def test_a_release_shows_what_it_holds(client: httpx.Client) -> None:
    """A release shows its contacts, attachments, evidence, versions and other addresses."""
    page = client.get(f"/releases/{shelf.THREE}").text
    for text in (
        "環境 花子",
        "ext. 6772",
        "628 KB",
        "title: JCM",
        "Version 3 of 3",
        "Found withdrawn",
        "Another address",
    ):
        assert text in page


def test_a_release_leads_to_its_captures(client: httpx.Client) -> None:
    """The page names the list of captures, which holds those the release's JSON does."""
    path = f"/releases/{shelf.THREE}/captures"
    assert f'href="{path}"' in client.get(f"/releases/{shelf.THREE}").text
    listed = client.get(f"{path}.json").json()["rows"]
    told = client.get(f"/releases/{shelf.THREE}.json").json()["captures"]
    assert [one["capture_id"] for one in listed] == [one["capture_id"] for one in told] == [shelf.RAW]
    assert f'href="/captures/{shelf.RAW}"' in client.get(path).text


def test_a_translation_is_linked_both_ways(client: httpx.Client) -> None:
    """The Japanese and the English release lead to each other."""
    ja, en = "20250404-press_04670", "20250404-en-press_03994"
    for one, other in ((ja, en), (en, ja)):
        related = client.get(f"/releases/{one}.json").json()["related"]
        assert [(row["kind"], row["release_id"]) for row in related] == [("translation", other)]


def test_a_diff_marks_what_changed_inside_a_line(client: httpx.Client) -> None:
    """Only the figure that changed is marked, side by side and inline."""
    columns = client.get(f"/releases/{shelf.THREE}/diff/1..2").text
    inline = client.get(f"/releases/{shelf.THREE}/diff/1..2?view=inline").text
    assert "<del>24</del>か国" in columns
    assert "<ins>25</ins>か国" in columns
    assert "<del>24</del><ins>25</ins>か国" in inline


def test_a_replaced_file_is_a_version_with_its_sizes_and_text(client: httpx.Client) -> None:
    """The list of versions says so, and the comparison names the file and marks what it says now."""
    page = client.get(f"/releases/{shelf.CREDITS}").text
    assert "file replaced" in page
    found = client.get(f"/releases/{shelf.CREDITS}/diff/1..2.json").json()["fields"]
    assert [one["field"] for one in found] == ["files"]
    html = client.get(f"/releases/{shelf.CREDITS}/diff/1..2").text
    for said in ("File replaced", "100 bytes", "200 bytes", "<del>9206</del>", "<ins>9260</ins>"):
        assert said in html


def test_the_jcm_page_adds_up(client: httpx.Client) -> None:
    """Announcements by country and year are those of the list, and credits carry their tonnes."""
    found = client.get("/jcm.json?partner=MN").json()
    cells = [one for one in found["by_country_and_year"] if one["country"] == "MN"]
    assert sum(one["announcements"] for one in cells) == len(found["announcements"]) == 5
    assert 9206.0 in [one["tonnes"] for one in found["credits"]]
    years = found["credits_by_country_and_year"]
    assert sum(one["tonnes"] for one in years) == sum(one["tonnes"] for one in found["credits"])
    assert sum(one["releases"] for one in years) == len(found["credits"])
    assert [one["country"] for one in found["partners"]][:2] == ["MN", "BD"]


def test_marks_of_credits_lead_to_their_releases(client: httpx.Client) -> None:
    """A sum of one release leads to it; one of several to a list of exactly those."""
    found = client.get("/jcm.json").json()
    sums = found["credits_by_country_and_year"]
    marks = found["charts"]["credits"]["data"]["values"]
    assert len(sums) == len(marks) >= 2
    for one, mark in zip(sums, marks, strict=True):
        if one["release_id"]:
            assert mark["href"] == f"/releases/{one['release_id']}"
        else:
            assert (
                len(client.get(mark["href"].replace("/jcm", "/jcm.json")).json()["credits"])
                == one["releases"]
            )


def test_every_mark_leads_to_what_it_counts(client: httpx.Client) -> None:
    """A mark of the timeline opens its release, a field and a country the announcements they count."""
    charts = client.get("/jcm.json").json()["charts"]
    for mark in charts["timeline"]["data"]["values"]:
        assert mark["title"] == client.get(mark["href"] + ".json").json()["release"]["title"]
    counted = [*charts["heat"]["data"]["values"], *charts["map"]["layer"][1]["data"]["values"]]
    for mark in counted:
        found = client.get(mark["href"].replace("/jcm", "/jcm.json")).json()["announcements"]
        assert len(found) == mark["announcements"], mark


def test_no_chart_tells_anything_by_hue(client: httpx.Client) -> None:
    """To the colour-blind and on grey paper nothing is lost: only how dark a mark is says how many."""
    text = client.get("/jcm.json").text
    for chart in json.loads(text)["charts"].values():
        for part in (chart, *chart.get("layer", ())):
            colour = part.get("encoding", {}).get("color", {})
            assert colour.get("type") in {None, "quantitative"}
            shades = colour.get("scale", {}).get("range", [])
            assert [sum(bytes.fromhex(one[1:])) for one in shades] == sorted(
                (sum(bytes.fromhex(one[1:])) for one in shades), reverse=True
            )


@pytest.mark.parametrize(("path", "axis"), [("/jcm.json?year=2025", "%Y-%m"), ("/jcm.json?partner=ZZ", "%Y")])
def test_a_short_time_has_months_on_its_axis(client: httpx.Client, path: str, axis: str) -> None:
    """Within a year no year begins, so the axis would carry no mark at all."""
    timeline = client.get(path).json()["charts"]["timeline"]
    assert timeline["encoding"]["x"]["axis"]["format"] == axis


def test_health_lists_runs_quarantine_and_alerts(client: httpx.Client) -> None:
    """The page on health shows figures, the latest runs, open quarantine and alerts."""
    found = client.get("/health.json").json()
    assert found["figures"]["releases"] == 65
    assert found["runs"][0]["run_id"] == "run-12"
    assert found["quarantine"][0]["reason"] == "no title"
    assert found["alerts"][0]["deliveries"][0]["outcome"] == "delivered"


def test_runs_that_began_at_one_time_stand_as_they_arrived(tmp_path: Path) -> None:
    """The list of `moej runs`, page by page: the later to arrive is the newer, whatever its id."""
    data = shelf.build(tmp_path / "data", count=1)
    with duckdb.connect(str(data / "archive.duckdb")) as db:
        for sequence, run_id in enumerate(("run-5", "run-12", "run-7"), start=7):
            db.execute("UPDATE run_notes SET started_at = ? WHERE run_id = ?", [shelf.FIRST, run_id])
            db.execute("INSERT INTO captures (run_id, sequence) VALUES (?, ?)", [run_id, sequence])
    with running(Room(data)) as address, httpx.Client(base_url=address) as client:
        found, following = [], "/runs.json?limit=5"
        while following:
            answer = client.get(following).json()
            found += [row["run_id"] for row in answer["rows"]]
            following = answer["next"]
    with open_archive(data / "archive.duckdb") as archive:
        assert found == [row["run_id"] for row in archive.runs(20)]
    assert found[-4:] == ["run-7", "run-12", "run-5", "run-1"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/releases/20250630-press_99999", 404),
        (f"/releases/{shelf.THREE}/versions/9", 404),
        (f"/releases/{shelf.THREE}/diff/1..9", 404),
        ("/captures/none", 404),
        ("/releases/20250630-press_99999/captures", 404),
        ("/runs/none", 404),
        ("/feeds/none.atom", 404),
        ("/static/none.js", 404),
        ("/nothing", 404),
        ("/releases?from=yesterday", 400),
        ("/releases?kind=everything", 400),
        ("/releases?country=Mongolia", 400),
        ("/releases?cursor=AAAA", 400),
        ("/releases?limit=0", 400),
        ("/search?q=" + "あ" * 301, 400),
        ("/search?q=from:2025-99", 400),
        ("/search?q=kind:nonsense", 400),
        ("/search?q=country:Thailand&as_of=2025-07-02", 400),
        ("/releases?as_of=2025-02-30", 400),
    ],
)
def test_what_cannot_be_is_said_so(client: httpx.Client, path: str, status: int) -> None:
    """Wrong addresses and values give a page with the right status, and JSON to programs."""
    assert client.get(path).status_code == status
    place, _, query = path.partition("?")
    if "." not in place.rpartition("/")[2]:
        answer = client.get(f"{place}.json?{query}")
        assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_the_first_page_is_small(client: httpx.Client) -> None:
    """The first page with its style and script is under 100 kB, even uncompressed."""
    page = client.get("/", headers={"accept-encoding": "identity"})
    parts = re.findall(r'(?:src|rel="stylesheet" href)="(/static/[^"]+)"', page.text)
    sizes = [len(client.get(part, headers={"accept-encoding": "identity"}).content) for part in parts]
    assert len(parts) == 2
    assert len(page.content) + sum(sizes) < 100_000
