-- A file that was replaced under the same link begins a version of every release that links to it.

COMMENT ON COLUMN release_versions.change IS 'Why the version exists: created, changed, attachment (a file was replaced under the same link), withdrawn, restored.';
COMMENT ON COLUMN release_versions.capture_id IS 'Capture in which the version was first seen: of the page, or for attachment of the file.';
COMMENT ON COLUMN release_versions.changed_at IS 'When its content, or a file it links to, last changed under our eyes; NULL if never.';

CREATE OR REPLACE VIEW attachment_changes AS
WITH seen AS (
    SELECT
        page AS url, capture_id, digest,
        lag(digest) OVER (PARTITION BY page ORDER BY fetched_at, sequence, warc_offset) AS before
    FROM captures WHERE family = 'file' AND verdict IN ('good', 'unchanged')
),
held AS (SELECT digest, max(bytes) AS bytes FROM captures WHERE family = 'file' AND verdict = 'good' GROUP BY digest)
SELECT
    v.release_id, v.version, s.url, v.valid_from AS changed_at, s.before, s.digest AS "after",
    b.bytes AS bytes_before, a.bytes AS bytes_after, s.capture_id
FROM release_versions v
JOIN seen s ON s.capture_id = v.capture_id
LEFT JOIN held b ON b.digest = s.before
LEFT JOIN held a ON a.digest = s.digest
WHERE v.change = 'attachment';
COMMENT ON VIEW attachment_changes IS 'Files that were replaced under the same link while a release pointed to them, one row for each version this made.';
COMMENT ON COLUMN attachment_changes.release_id IS 'Release whose attachment it is.';
COMMENT ON COLUMN attachment_changes.version IS 'The version that began with the new file.';
COMMENT ON COLUMN attachment_changes.url IS 'Canonical address of the file.';
COMMENT ON COLUMN attachment_changes.changed_at IS 'When the other bytes were first had.';
COMMENT ON COLUMN attachment_changes.before IS 'Digest of the file before; its text is in documents.';
COMMENT ON COLUMN attachment_changes."after" IS 'Digest of the file since then.';
COMMENT ON COLUMN attachment_changes.bytes_before IS 'Size of the file before, in bytes.';
COMMENT ON COLUMN attachment_changes.bytes_after IS 'Size of the file since then, in bytes.';
COMMENT ON COLUMN attachment_changes.capture_id IS 'Capture that brought them; its bytes are in the raw archive, as are those before.';

CREATE OR REPLACE VIEW release_changes AS
SELECT
    c.release_id, c.version, c.valid_from, c.change, c.one.field AS field, c.one.before AS before,
    c.one.after AS "after"
FROM (
    SELECT v.release_id, v.version, v.valid_from, v.change, unnest([
        {'field': 'url', 'before': CAST(p.url AS VARCHAR), 'after': CAST(v.url AS VARCHAR)},
        {'field': 'lang', 'before': CAST(p.lang AS VARCHAR), 'after': CAST(v.lang AS VARCHAR)},
        {'field': 'title', 'before': CAST(p.title AS VARCHAR), 'after': CAST(v.title AS VARCHAR)},
        {'field': 'published_on', 'before': CAST(p.published_on AS VARCHAR), 'after': CAST(v.published_on AS VARCHAR)},
        {'field': 'categories', 'before': CAST(p.categories AS VARCHAR), 'after': CAST(v.categories AS VARCHAR)},
        {'field': 'joint_with', 'before': CAST(p.joint_with AS VARCHAR), 'after': CAST(v.joint_with AS VARCHAR)},
        {'field': 'body', 'before': CAST(p.body AS VARCHAR), 'after': CAST(v.body AS VARCHAR)},
        {'field': 'facts', 'before': CAST(p.facts AS VARCHAR), 'after': CAST(v.facts AS VARCHAR)},
        {'field': 'event_starts_on', 'before': CAST(p.event_starts_on AS VARCHAR), 'after': CAST(v.event_starts_on AS VARCHAR)},
        {'field': 'event_ends_on', 'before': CAST(p.event_ends_on AS VARCHAR), 'after': CAST(v.event_ends_on AS VARCHAR)},
        {'field': 'event_hours', 'before': CAST(p.event_hours AS VARCHAR), 'after': CAST(v.event_hours AS VARCHAR)},
        {'field': 'event_place', 'before': CAST(p.event_place AS VARCHAR), 'after': CAST(v.event_place AS VARCHAR)},
        {'field': 'contacts', 'before': CAST(p.contacts AS VARCHAR), 'after': CAST(v.contacts AS VARCHAR)},
        {'field': 'attachments', 'before': CAST(p.attachments AS VARCHAR), 'after': CAST(v.attachments AS VARCHAR)},
        {'field': 'links', 'before': CAST(p.links AS VARCHAR), 'after': CAST(v.links AS VARCHAR)},
        {'field': 'corrections', 'before': CAST(p.corrections AS VARCHAR), 'after': CAST(v.corrections AS VARCHAR)},
        {'field': 'countries', 'before': CAST(p.countries AS VARCHAR), 'after': CAST(v.countries AS VARCHAR)},
        {'field': 'jcm_role', 'before': CAST(p.jcm_role AS VARCHAR), 'after': CAST(v.jcm_role AS VARCHAR)},
        {'field': 'jcm_kind', 'before': CAST(p.jcm_kind AS VARCHAR), 'after': CAST(v.jcm_kind AS VARCHAR)},
        {'field': 'jcm_evidence', 'before': CAST(p.jcm_evidence AS VARCHAR), 'after': CAST(v.jcm_evidence AS VARCHAR)},
        {'field': 'jcm_countries', 'before': CAST(p.jcm_countries AS VARCHAR), 'after': CAST(v.jcm_countries AS VARCHAR)},
        {'field': 'jcm_partner_count', 'before': CAST(p.jcm_partner_count AS VARCHAR), 'after': CAST(v.jcm_partner_count AS VARCHAR)},
        {'field': 'jcm_projects', 'before': CAST(p.jcm_projects AS VARCHAR), 'after': CAST(v.jcm_projects AS VARCHAR)},
        {'field': 'jcm_tonnes', 'before': CAST(p.jcm_tonnes AS VARCHAR), 'after': CAST(v.jcm_tonnes AS VARCHAR)},
        {'field': 'withdrawn_at', 'before': CAST(p.withdrawn_at AS VARCHAR), 'after': CAST(v.withdrawn_at AS VARCHAR)}
    ]) AS one
    FROM release_versions v
    JOIN release_versions p ON p.release_id = v.release_id AND p.version = v.version - 1
) c
WHERE c.one.before IS DISTINCT FROM c.one.after
UNION ALL
SELECT
    release_id, version, changed_at, 'attachment', 'files', url || ' ' || bytes_before || ' bytes ' || before,
    url || ' ' || bytes_after || ' bytes ' || "after"
FROM attachment_changes;
COMMENT ON VIEW release_changes IS 'Every field that a version changed: what the version before said, and what this one says.';
COMMENT ON COLUMN release_changes.release_id IS 'The release.';
COMMENT ON COLUMN release_changes.version IS 'The version that brought the change.';
COMMENT ON COLUMN release_changes.valid_from IS 'When that version was first seen.';
COMMENT ON COLUMN release_changes.change IS 'Why that version exists: changed, attachment, withdrawn, restored.';
COMMENT ON COLUMN release_changes.field IS 'Column of releases; lead and body_markdown repeat the body and are left out; files: a file that was replaced under the same link.';
COMMENT ON COLUMN release_changes.before IS 'What it was, as text; NULL if it was empty.';
COMMENT ON COLUMN release_changes."after" IS 'What it is now, as text; NULL if it is empty.';

CREATE OR REPLACE VIEW runs AS
WITH pages AS (
    SELECT
        run_id,
        count(*) FILTER (listed_in IS NOT NULL) AS listed,
        count(*) FILTER (capture_id IS NOT NULL) AS fetched,
        count(*) FILTER (release_id IS NOT NULL AND verdict IN ('good', 'unchanged')) AS read,
        count(*) FILTER (change = 'created') AS created,
        count(*) FILTER (change = 'changed') AS changed,
        count(*) FILTER (change = 'withdrawn') AS withdrawn,
        count(*) FILTER (change = 'restored') AS restored,
        count(*) FILTER (outcome = 'unchanged') AS unchanged,
        count(*) FILTER (outcome = 'quarantined') AS quarantined,
        count(*) FILTER (outcome = 'failed') AS failed,
        count(*) FILTER (outcome = 'not fetched') AS not_fetched,
        sum(alerts)::BIGINT AS alerts
    FROM ledger GROUP BY run_id
),
files AS (
    SELECT c.run_id, count(*) AS replaced
    FROM (SELECT capture_id FROM release_versions WHERE change = 'attachment') v JOIN captures c USING (capture_id)
    GROUP BY c.run_id
),
kept AS (SELECT run_id, count(*) AS archived FROM captures GROUP BY run_id),
shares AS (
    SELECT run_id, map_from_entries(list((template, by_field) ORDER BY template)) AS fill_shares
    FROM (
        SELECT run_id, template, map_from_entries(list((field, share) ORDER BY field)) AS by_field
        FROM fill_shares GROUP BY run_id, template
    ) GROUP BY run_id
)
SELECT
    n.run_id, n.kind, coalesce(n.status, 'interrupted') AS status, n.started_at, n.finished_at, n.site, n.software,
    n.error, n.requests, n.bytes_received, coalesce(p.listed, 0) AS listed, coalesce(p.fetched, 0) AS fetched,
    coalesce(k.archived, 0) AS archived, coalesce(p.read, 0) AS read, coalesce(p.created, 0) AS created,
    coalesce(p.changed, 0) AS changed, coalesce(p.withdrawn, 0) AS withdrawn, coalesce(p.restored, 0) AS restored,
    coalesce(f.replaced, 0) AS files_replaced,
    coalesce(p.unchanged, 0) AS unchanged, coalesce(p.quarantined, 0) AS quarantined,
    coalesce(p.failed, 0) AS failed, coalesce(p.not_fetched, 0) AS not_fetched, coalesce(p.alerts, 0) AS alerts,
    s.fill_shares
FROM run_notes n
LEFT JOIN pages p ON p.run_id = n.run_id
LEFT JOIN files f ON f.run_id = n.run_id
LEFT JOIN kept k ON k.run_id = n.run_id
LEFT JOIN shares s ON s.run_id = n.run_id;
COMMENT ON VIEW runs IS 'Every run and what came of it.';
COMMENT ON COLUMN runs.run_id IS 'Identifier of the run.';
COMMENT ON COLUMN runs.kind IS 'run, backfill, recheck or import.';
COMMENT ON COLUMN runs.status IS 'How it ended; interrupted if it was killed.';
COMMENT ON COLUMN runs.started_at IS 'When it began.';
COMMENT ON COLUMN runs.finished_at IS 'When it ended; NULL if it was killed.';
COMMENT ON COLUMN runs.site IS 'Where the Ministry''s site was reached.';
COMMENT ON COLUMN runs.software IS 'Program and version.';
COMMENT ON COLUMN runs.error IS 'Why it failed, in one line.';
COMMENT ON COLUMN runs.requests IS 'Requests sent.';
COMMENT ON COLUMN runs.bytes_received IS 'Bytes received on the wire.';
COMMENT ON COLUMN runs.listed IS 'Pages found in lists.';
COMMENT ON COLUMN runs.fetched IS 'Pages of releases that gave a response, listed or not.';
COMMENT ON COLUMN runs.archived IS 'Responses written to the raw archive, lists and robots.txt included.';
COMMENT ON COLUMN runs.read IS 'Pages that showed a release.';
COMMENT ON COLUMN runs.created IS 'New releases.';
COMMENT ON COLUMN runs.changed IS 'Releases whose content changed.';
COMMENT ON COLUMN runs.withdrawn IS 'Releases found withdrawn.';
COMMENT ON COLUMN runs.restored IS 'Withdrawn releases that came back.';
COMMENT ON COLUMN runs.files_replaced IS 'Versions that began because a file was replaced under the same link.';
COMMENT ON COLUMN runs.unchanged IS 'Pages that showed what was known.';
COMMENT ON COLUMN runs.quarantined IS 'Pages that could not be read.';
COMMENT ON COLUMN runs.failed IS 'Pages that gave no usable response.';
COMMENT ON COLUMN runs.not_fetched IS 'Listed pages that were not asked for.';
COMMENT ON COLUMN runs.alerts IS 'Alerts raised by its versions.';
COMMENT ON COLUMN runs.fill_shares IS 'Form of page → field → share of readings that filled it.';

-- An archive of earlier steps has no such versions: it is made again from the log by its next load.
UPDATE meta SET value = value || ' without versions of files'
WHERE key = 'extractor_version' AND EXISTS (FROM captures WHERE family = 'file');
