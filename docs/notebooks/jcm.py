"""A notebook over the archive: announcements per kind and year, credits per country.

    marimo edit docs/notebooks/jcm.py      # in a browser
    python docs/notebooks/jcm.py           # straight through, printing its tables

It reads `archive.duckdb` in the folder that MOEJ_DATA names, or in ./data.
"""

import marimo

app = marimo.App(app_title="JCM announcements")


@app.cell
def opened():
    """Open the archive read-only: loads go on undisturbed while the notebook holds it."""
    import os
    from pathlib import Path

    from warehouse import open_archive

    archive = open_archive(Path(os.environ.get("MOEJ_DATA", "data")) / "archive.duckdb")
    return (archive,)


@app.cell
def per_year(archive):
    """Announcements per kind and year, as a polars frame."""
    kinds = archive.sql("""
        SELECT year(published_on) AS year, jcm_kind, count(*) AS announcements
        FROM jcm_announcements WHERE lang = 'ja' GROUP BY ALL ORDER BY ALL
    """).pl()
    print(kinds)
    return (kinds,)


@app.cell
def per_country(archive):
    """Tonnes of CO2 issued per country, as a pandas frame."""
    tonnes = archive.sql("""
        SELECT jcm_countries[1] AS country, sum(jcm_tonnes) AS tonnes
        FROM jcm_announcements WHERE jcm_kind = 'credits' AND lang = 'ja' AND len(jcm_countries) = 1
        GROUP BY ALL ORDER BY tonnes DESC, country
    """).df()
    print(tonnes)
    return (tonnes,)


if __name__ == "__main__":
    app.run()
