-- A list of runs counts the pages of these alone: DuckDB carries a single id down into the views, but not several.

-- A redirect ends as the page it leads to ended in the same run; the pages it led to have no line of their own
-- unless they were listed too. Otherwise one release would be counted twice.
CREATE MACRO ledger_of(run_ids) AS TABLE
WITH listed AS (
    SELECT
        run_id, page, min_by(title, position) AS title, min_by(listed_on, position) AS listed_on,
        min(listed_in) AS listed_in, min(family) AS family
    FROM listings WHERE (run_ids IS NULL OR list_contains(run_ids, run_id))
    GROUP BY run_id, page
),
asked AS (
    SELECT
        run_id, page,
        max_by(struct_pack(capture_id, verdict, outcome, reason, release_id, version, change, target),
               struct_pack(loaded := outcome = 'loaded', fetched_at, warc_offset)) AS c
    FROM captures WHERE outcome IS NOT NULL AND (run_ids IS NULL OR list_contains(run_ids, run_id))
    GROUP BY run_id, page
),
failed AS (
    SELECT run_id, page, max_by(struct_pack(outcome, reason), failed_at) AS f FROM failures
    WHERE (run_ids IS NULL OR list_contains(run_ids, run_id)) GROUP BY run_id, page
),
led AS (
    SELECT run_id, page FROM captures WHERE (run_ids IS NULL OR list_contains(run_ids, run_id))
    GROUP BY run_id, page HAVING count(led_by) = count(*)
    EXCEPT SELECT run_id, page FROM listed
),
pages AS (
    SELECT run_id, page FROM listed
    UNION SELECT run_id, page FROM (SELECT run_id, page FROM asked EXCEPT SELECT run_id, page FROM led)
    UNION SELECT run_id, page FROM failed
),
ended AS (
    SELECT
        p.run_id, p.page, l.title, l.listed_on, l.listed_in, l.family, n.finished_at, f.f,
        a.c.outcome = 'redirect' AND t.c IS NOT NULL AND tl.page IS NOT NULL AS is_alias,
        CASE WHEN a.c.outcome = 'redirect' AND t.c IS NOT NULL THEN t.c ELSE a.c END AS c
    FROM pages p
    LEFT JOIN listed l ON l.run_id = p.run_id AND l.page = p.page
    LEFT JOIN asked a ON a.run_id = p.run_id AND a.page = p.page
    LEFT JOIN asked t ON t.run_id = p.run_id AND t.page = a.c.target
    LEFT JOIN listed tl ON tl.run_id = p.run_id AND tl.page = a.c.target
    LEFT JOIN failed f ON f.run_id = p.run_id AND f.page = p.page
    LEFT JOIN run_notes n ON n.run_id = p.run_id
)
SELECT
    run_id, page, title, listed_on, listed_in, c.capture_id AS capture_id, c.verdict AS verdict,
    CASE
        WHEN is_alias THEN 'unchanged'
        WHEN c.outcome = 'redirect' THEN coalesce(f.outcome, 'failed')
        WHEN c IS NOT NULL THEN c.outcome
        WHEN f IS NOT NULL THEN f.outcome
        ELSE 'not fetched'
    END AS outcome,
    CASE
        WHEN is_alias THEN 'another address of a listed page'
        WHEN c.outcome = 'redirect' THEN coalesce(f.reason, 'redirect leads nowhere')
        WHEN c IS NOT NULL THEN c.reason
        WHEN f IS NOT NULL THEN f.reason
        WHEN family <> 'release' THEN 'not a release page'
        WHEN finished_at IS NULL THEN 'run was interrupted'
        ELSE 'not asked for'
    END AS reason,
    c.release_id AS release_id, c.version AS version, CASE WHEN NOT is_alias THEN c.change END AS change,
    (SELECT count(*) FROM alerts x WHERE x.capture_id = c.capture_id) AS alerts
FROM ended;
COMMENT ON MACRO TABLE ledger_of IS 'The view ledger of the runs with these ids alone; of all runs for NULL.';

CREATE OR REPLACE VIEW ledger AS FROM ledger_of(NULL::VARCHAR[]);
COMMENT ON VIEW ledger IS 'One line for each run and page that was listed or asked for: what became of it.';
COMMENT ON COLUMN ledger.run_id IS 'The run.';
COMMENT ON COLUMN ledger.page IS 'Canonical address of the page.';
COMMENT ON COLUMN ledger.title IS 'Title as listed.';
COMMENT ON COLUMN ledger.listed_on IS 'Date as listed.';
COMMENT ON COLUMN ledger.listed_in IS 'List it was found in; NULL if it was asked for without being listed.';
COMMENT ON COLUMN ledger.capture_id IS 'The response it gave in this run.';
COMMENT ON COLUMN ledger.verdict IS 'What the response was worth, as in captures.';
COMMENT ON COLUMN ledger.outcome IS 'loaded (new version), unchanged, quarantined, failed or not fetched.';
COMMENT ON COLUMN ledger.reason IS 'Why it was not loaded.';
COMMENT ON COLUMN ledger.release_id IS 'Release it showed.';
COMMENT ON COLUMN ledger.version IS 'Version of that release that held after it.';
COMMENT ON COLUMN ledger.change IS 'Change it caused, if any.';
COMMENT ON COLUMN ledger.alerts IS 'Alerts raised by that version.';

CREATE MACRO runs_of(run_ids) AS TABLE
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
    FROM ledger_of(run_ids) GROUP BY run_id
),
files AS (
    SELECT c.run_id, count(*) AS replaced
    FROM (SELECT capture_id FROM release_versions WHERE change = 'attachment') v JOIN captures c USING (capture_id)
    WHERE (run_ids IS NULL OR list_contains(run_ids, run_id)) GROUP BY c.run_id
),
kept AS (
    SELECT run_id, count(*) AS archived FROM captures WHERE (run_ids IS NULL OR list_contains(run_ids, run_id))
    GROUP BY run_id
),
shares AS (
    SELECT run_id, map_from_entries(list((template, by_field) ORDER BY template)) AS fill_shares
    FROM (
        SELECT run_id, template, map_from_entries(list((field, share) ORDER BY field)) AS by_field
        FROM fill_shares WHERE (run_ids IS NULL OR list_contains(run_ids, run_id))
        GROUP BY run_id, template
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
LEFT JOIN shares s ON s.run_id = n.run_id
WHERE (run_ids IS NULL OR list_contains(run_ids, n.run_id));
COMMENT ON MACRO TABLE runs_of IS 'The view runs of those with these ids alone, without a look at the pages of others; all runs for NULL.';

CREATE OR REPLACE VIEW runs AS FROM runs_of(NULL::VARCHAR[]);
COMMENT ON VIEW runs IS 'Every run and what came of it.';
COMMENT ON COLUMN runs.run_id IS 'Identifier of the run.';
COMMENT ON COLUMN runs.kind IS 'run (the daily one), watch, recheck, backfill or import.';
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
