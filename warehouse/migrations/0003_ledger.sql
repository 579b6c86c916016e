-- What became of every listed page, run by run; alert rows; what could not be read.

CREATE TABLE alerts (
    alert_id VARCHAR, rule VARCHAR, release_id VARCHAR, capture_id VARCHAR, change VARCHAR, run_id VARCHAR,
    raised_at TIMESTAMPTZ, channels VARCHAR[], delivery VARCHAR, lang VARCHAR, thread_id VARCHAR, held VARCHAR
);
COMMENT ON TABLE alerts IS 'The outbox: announcements to be sent, loaded together with the version that causes them.';
COMMENT ON COLUMN alerts.alert_id IS 'Rule, release and the version''s first capture in one; the same after every rebuild.';
COMMENT ON COLUMN alerts.rule IS 'Name of the rule that matched.';
COMMENT ON COLUMN alerts.release_id IS 'Release it is about.';
COMMENT ON COLUMN alerts.capture_id IS 'First capture of the version it is about.';
COMMENT ON COLUMN alerts.change IS 'What happened: created, changed, withdrawn, corrected, attachment, recognised.';
COMMENT ON COLUMN alerts.run_id IS 'Run whose load raised it.';
COMMENT ON COLUMN alerts.raised_at IS 'When it was raised.';
COMMENT ON COLUMN alerts.channels IS 'Channels it goes to.';
COMMENT ON COLUMN alerts.delivery IS 'instant or digest.';
COMMENT ON COLUMN alerts.lang IS 'Language of the message''s frame: ja or en.';
COMMENT ON COLUMN alerts.thread_id IS 'Alert of the same announcement in the other language, which this one is added to.';
COMMENT ON COLUMN alerts.held IS 'Why it is not sent; NULL if it is.';

CREATE TABLE deliveries (
    alert_id VARCHAR, channel VARCHAR, attempt INTEGER, attempted_at TIMESTAMPTZ, outcome VARCHAR, detail VARCHAR,
    message_id VARCHAR, next_try_at TIMESTAMPTZ
);
COMMENT ON TABLE deliveries IS 'Every attempt to deliver an alert, as of the last load; state.sqlite has it to the minute.';
COMMENT ON COLUMN deliveries.alert_id IS 'Alert that was to be delivered.';
COMMENT ON COLUMN deliveries.channel IS 'Channel by its name in the settings.';
COMMENT ON COLUMN deliveries.attempt IS 'Number of the attempt, from 1.';
COMMENT ON COLUMN deliveries.attempted_at IS 'When it was made.';
COMMENT ON COLUMN deliveries.outcome IS 'delivered, failed or dead (given up).';
COMMENT ON COLUMN deliveries.detail IS 'What the channel answered.';
COMMENT ON COLUMN deliveries.message_id IS 'Key of the message: equal keys are one announcement.';
COMMENT ON COLUMN deliveries.next_try_at IS 'When it is tried again; NULL if it is not.';

CREATE VIEW quarantine AS
SELECT
    capture_id, page AS url, fetched_at AS seen_at, reason, detail,
    (SELECT min(r.fetched_at) FROM captures r
      WHERE r.page = c.page AND r.content_hash IS NOT NULL AND r.fetched_at > c.fetched_at) AS resolved_at
FROM captures c
WHERE verdict IN ('unreadable', 'blocked', 'maintenance', 'truncated');
COMMENT ON VIEW quarantine IS 'Captures that could not be read, with the reason.';
COMMENT ON COLUMN quarantine.capture_id IS 'The capture.';
COMMENT ON COLUMN quarantine.url IS 'Canonical address of the page.';
COMMENT ON COLUMN quarantine.seen_at IS 'When it was fetched.';
COMMENT ON COLUMN quarantine.reason IS 'Why it could not be read, in one or two words.';
COMMENT ON COLUMN quarantine.detail IS 'What was found and what was expected.';
COMMENT ON COLUMN quarantine.resolved_at IS 'When the page was next fetched and read; NULL if not yet.';

-- A redirect ends as the page it leads to ended in the same run; the pages it led to have no line of their own
-- unless they were listed too. Otherwise one release would be counted twice.
CREATE VIEW ledger AS
WITH listed AS (
    SELECT
        run_id, page, min_by(title, position) AS title, min_by(listed_on, position) AS listed_on,
        min(listed_in) AS listed_in, min(family) AS family
    FROM listings GROUP BY run_id, page
),
asked AS (
    SELECT
        run_id, page,
        max_by(struct_pack(capture_id, verdict, outcome, reason, release_id, version, change, target),
               struct_pack(loaded := outcome = 'loaded', fetched_at, warc_offset)) AS c
    FROM captures WHERE outcome IS NOT NULL GROUP BY run_id, page
),
failed AS (
    SELECT run_id, page, max_by(struct_pack(outcome, reason), failed_at) AS f FROM failures GROUP BY run_id, page
),
led AS (
    SELECT run_id, page FROM captures GROUP BY run_id, page HAVING count(led_by) = count(*)
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

CREATE VIEW fill_shares AS
WITH fields AS (
    SELECT unnest(['attachments', 'body', 'categories', 'contacts', 'corrections', 'event_starts_on', 'facts',
                   'joint_with', 'lead', 'links']) AS field
)
SELECT
    c.run_id, c.template, f.field, count(*) AS readings,
    count(*) FILTER (list_contains(c.filled, f.field)) AS filled,
    count(*) FILTER (list_contains(c.filled, f.field)) / count(*) AS share
FROM captures c CROSS JOIN fields f
WHERE c.template IS NOT NULL
GROUP BY c.run_id, c.template, f.field;
COMMENT ON VIEW fill_shares IS 'How often each optional field was filled, by run and form of page: a sudden fall means the markup changed.';
COMMENT ON COLUMN fill_shares.run_id IS 'The run.';
COMMENT ON COLUMN fill_shares.template IS 'Form of page.';
COMMENT ON COLUMN fill_shares.field IS 'Column of releases.';
COMMENT ON COLUMN fill_shares.readings IS 'Pages of that form read in that run.';
COMMENT ON COLUMN fill_shares.filled IS 'Of these, how many have something in the column.';
COMMENT ON COLUMN fill_shares.share IS 'The same as a share from 0 to 1.';

CREATE VIEW runs AS
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
    coalesce(p.unchanged, 0) AS unchanged, coalesce(p.quarantined, 0) AS quarantined,
    coalesce(p.failed, 0) AS failed, coalesce(p.not_fetched, 0) AS not_fetched, coalesce(p.alerts, 0) AS alerts,
    s.fill_shares
FROM run_notes n
LEFT JOIN pages p ON p.run_id = n.run_id
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
COMMENT ON COLUMN runs.unchanged IS 'Pages that showed what was known.';
COMMENT ON COLUMN runs.quarantined IS 'Pages that could not be read.';
COMMENT ON COLUMN runs.failed IS 'Pages that gave no usable response.';
COMMENT ON COLUMN runs.not_fetched IS 'Listed pages that were not asked for.';
COMMENT ON COLUMN runs.alerts IS 'Alerts raised by its versions.';
COMMENT ON COLUMN runs.fill_shares IS 'Form of page → field → share of readings that filled it.';
