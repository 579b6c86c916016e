"""The Ministry's site: its addresses, the polite client, the raw archive, discovery and imports.

`Client` and `Collector` stand apart in `sources.client` and `sources.collect`: they bring the HTTP library,
which nobody who only reads the archive should wait for.
"""

from sources.captures import Capture, Entry, Failure, Held, Known, RunNote
from sources.failpoints import failpoint
from sources.imports import Imported, import_paths
from sources.locks import collector_lock, load_lock
from sources.log import Log
from sources.seal import SealedFile
from sources.urls import Site, family, index_page, language, month_of, month_page, page_name, robots_page
from sources.verify import Finding, Place
from sources.writer import LogWriter

__all__ = [
    "Capture",
    "Entry",
    "Failure",
    "Finding",
    "Held",
    "Imported",
    "Known",
    "Log",
    "LogWriter",
    "Place",
    "RunNote",
    "SealedFile",
    "Site",
    "collector_lock",
    "failpoint",
    "family",
    "import_paths",
    "index_page",
    "language",
    "load_lock",
    "month_of",
    "month_page",
    "page_name",
    "robots_page",
]
