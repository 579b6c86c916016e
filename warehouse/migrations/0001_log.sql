-- What the log holds, as tables: which files are loaded, every capture, what was listed, what failed.
-- No keys, indexes, sequences or enumerations: the same SQL must run on DuckLake. The loader keeps rows unique.

CREATE TABLE meta (key VARCHAR, value VARCHAR);
COMMENT ON TABLE meta IS 'Facts about this file itself, one row each.';
COMMENT ON COLUMN meta.key IS 'Name of the fact: extractor_version.';
COMMENT ON COLUMN meta.value IS 'Its value, as text.';

CREATE TABLE warc_files (name VARCHAR, sequence INTEGER, sha256 VARCHAR, bytes BIGINT);
COMMENT ON TABLE warc_files IS 'Files of the raw archive that this database was made from.';
COMMENT ON COLUMN warc_files.name IS 'Path under the folder warc of the data directory.';
COMMENT ON COLUMN warc_files.sequence IS 'Number in the order of sealing: the order in which the archive learnt things.';
COMMENT ON COLUMN warc_files.sha256 IS 'SHA-256 of the file, as in the manifest.';
COMMENT ON COLUMN warc_files.bytes IS 'Size of the file in bytes.';

CREATE TABLE run_notes (
    run_id VARCHAR, kind VARCHAR, site VARCHAR, software VARCHAR, started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ,
    status VARCHAR, error VARCHAR, requests BIGINT, bytes_received BIGINT
);
COMMENT ON TABLE run_notes IS 'What the log itself says of each run; the view runs adds what came of it.';
COMMENT ON COLUMN run_notes.run_id IS 'Identifier of the run.';
COMMENT ON COLUMN run_notes.kind IS 'run, backfill, recheck or import.';
COMMENT ON COLUMN run_notes.site IS 'Where the Ministry''s site was reached: the real host, or a mirror for rehearsals.';
COMMENT ON COLUMN run_notes.software IS 'Program and version that wrote the log.';
COMMENT ON COLUMN run_notes.started_at IS 'When the run began.';
COMMENT ON COLUMN run_notes.finished_at IS 'When it ended; NULL if it was killed.';
COMMENT ON COLUMN run_notes.status IS 'How it ended, as the run itself noted; NULL if it was killed.';
COMMENT ON COLUMN run_notes.error IS 'Why it failed, in one line.';
COMMENT ON COLUMN run_notes.requests IS 'Requests sent.';
COMMENT ON COLUMN run_notes.bytes_received IS 'Bytes received on the wire.';

CREATE TABLE captures (
    capture_id VARCHAR, url VARCHAR, fetched_at TIMESTAMPTZ, status INTEGER, media_type VARCHAR, digest VARCHAR,
    bytes BIGINT, warc_file VARCHAR, warc_offset BIGINT, warc_length BIGINT, etag VARCHAR, last_modified VARCHAR,
    verdict VARCHAR, page VARCHAR, page_name VARCHAR, family VARCHAR, run_id VARCHAR, charset VARCHAR,
    revisit BOOLEAN, truncated VARCHAR, location VARCHAR, target VARCHAR, led_by VARCHAR, alias VARCHAR,
    sequence INTEGER, template VARCHAR, filled VARCHAR[], content_hash VARCHAR, reading_id VARCHAR, release_id VARCHAR,
    version INTEGER, change VARCHAR, outcome VARCHAR, reason VARCHAR, detail VARCHAR
);
COMMENT ON TABLE captures IS 'Every response as it came, where its bytes lie in the raw archive, and what came of it.';
COMMENT ON COLUMN captures.capture_id IS 'UUID of the WARC record; the same after every rebuild.';
COMMENT ON COLUMN captures.url IS 'Address as it was asked.';
COMMENT ON COLUMN captures.fetched_at IS 'When it was fetched (WARC-Date).';
COMMENT ON COLUMN captures.status IS 'HTTP status.';
COMMENT ON COLUMN captures.media_type IS 'Media type the server gave.';
COMMENT ON COLUMN captures.digest IS 'Digest of the payload, as in WARC-Payload-Digest; of a revisit, the bytes it stands for.';
COMMENT ON COLUMN captures.bytes IS 'Length of the payload in the record; 0 for a revisit.';
COMMENT ON COLUMN captures.warc_file IS 'File under the folder warc of the data directory.';
COMMENT ON COLUMN captures.warc_offset IS 'Where the record begins in that file, in bytes.';
COMMENT ON COLUMN captures.warc_length IS 'Length of the record in that file, in bytes.';
COMMENT ON COLUMN captures.etag IS 'ETag header.';
COMMENT ON COLUMN captures.last_modified IS 'Last-Modified header.';
COMMENT ON COLUMN captures.verdict IS 'What the response was worth: good, unchanged (304 or the same bytes), unreadable, gone, redirect, blocked, maintenance, truncated, error.';
COMMENT ON COLUMN captures.page IS 'Canonical https address of the Ministry that it stands for.';
COMMENT ON COLUMN captures.page_name IS 'Short name of the page, the second half of a release_id; NULL where the address is not of a release.';
COMMENT ON COLUMN captures.family IS 'Kind of address: release, listing, robots, file, other.';
COMMENT ON COLUMN captures.run_id IS 'Run that fetched or imported it.';
COMMENT ON COLUMN captures.charset IS 'Character set the server gave.';
COMMENT ON COLUMN captures.revisit IS 'Whether the record carries no bytes of its own and points to equal ones by digest.';
COMMENT ON COLUMN captures.truncated IS 'Why the payload was cut short (WARC-Truncated).';
COMMENT ON COLUMN captures.location IS 'Location header of a redirect, as it came.';
COMMENT ON COLUMN captures.target IS 'Canonical address a redirect leads to in the end.';
COMMENT ON COLUMN captures.led_by IS 'Canonical address whose redirect led here in the same run.';
COMMENT ON COLUMN captures.alias IS 'The address as asked, on the Ministry''s host, where it is another spelling than page.';
COMMENT ON COLUMN captures.sequence IS 'Number of the WARC file in the order of arrival.';
COMMENT ON COLUMN captures.template IS 'Form of page that was recognised; NULL where nothing was read.';
COMMENT ON COLUMN captures.filled IS 'Which optional fields the reading filled; NULL where nothing was read from its own bytes.';
COMMENT ON COLUMN captures.content_hash IS 'Hash of the content it showed; NULL where nothing could be read.';
COMMENT ON COLUMN captures.reading_id IS 'Capture whose bytes were read for it: itself, or the one a revisit stands for.';
COMMENT ON COLUMN captures.release_id IS 'Release it showed or spoke about.';
COMMENT ON COLUMN captures.version IS 'Version of that release that held after it.';
COMMENT ON COLUMN captures.change IS 'The change it caused: created, changed, withdrawn, restored; NULL if none.';
COMMENT ON COLUMN captures.outcome IS 'loaded, unchanged, quarantined, failed or redirect; NULL for what is not a release page.';
COMMENT ON COLUMN captures.reason IS 'Why it was not read or not taken, in one or two words.';
COMMENT ON COLUMN captures.detail IS 'What was found and what was expected.';

CREATE TABLE listings (
    run_id VARCHAR, capture_id VARCHAR, listed_in VARCHAR, fetched_at TIMESTAMPTZ, position INTEGER, page VARCHAR,
    family VARCHAR, url VARCHAR, title VARCHAR, listed_on DATE, categories VARCHAR[]
);
COMMENT ON TABLE listings IS 'Every item of every index and month page, each time it was seen.';
COMMENT ON COLUMN listings.run_id IS 'Run that fetched the list.';
COMMENT ON COLUMN listings.capture_id IS 'Capture of the list.';
COMMENT ON COLUMN listings.listed_in IS 'Canonical address of the list.';
COMMENT ON COLUMN listings.fetched_at IS 'When the list was fetched.';
COMMENT ON COLUMN listings.position IS 'Place of the item in the list, from 0.';
COMMENT ON COLUMN listings.page IS 'Canonical address of the item.';
COMMENT ON COLUMN listings.family IS 'Kind of that address: only release is fetched.';
COMMENT ON COLUMN listings.url IS 'Address as the list gives it, made absolute.';
COMMENT ON COLUMN listings.title IS 'Title as listed.';
COMMENT ON COLUMN listings.listed_on IS 'Date as listed.';
COMMENT ON COLUMN listings.categories IS 'Categories as listed.';

CREATE TABLE failures (
    run_id VARCHAR, page VARCHAR, failed_at TIMESTAMPTZ, outcome VARCHAR, reason VARCHAR, detail VARCHAR
);
COMMENT ON TABLE failures IS 'Pages that were asked for and gave no response, or were not asked for, with the reason.';
COMMENT ON COLUMN failures.run_id IS 'Run in which it happened.';
COMMENT ON COLUMN failures.page IS 'Canonical address of the page.';
COMMENT ON COLUMN failures.failed_at IS 'When.';
COMMENT ON COLUMN failures.outcome IS 'failed (asked, no response) or not fetched (left out on purpose).';
COMMENT ON COLUMN failures.reason IS 'Why, in a word or two.';
COMMENT ON COLUMN failures.detail IS 'Why, in one line.';
