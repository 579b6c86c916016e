-- Files that releases link to: their text, which file stands behind each link, and when one was replaced.

CREATE TABLE documents (
    digest VARCHAR, pages INTEGER, note VARCHAR, "text" VARCHAR USING COMPRESSION zstd
);
COMMENT ON TABLE documents IS 'Text of every archived file, by the digest of its bytes: equal files are read once.';
COMMENT ON COLUMN documents.digest IS 'Digest of the file, as in captures.';
COMMENT ON COLUMN documents.pages IS 'Number of its pages; 0 where it could not be opened.';
COMMENT ON COLUMN documents.note IS 'NULL if read whole; else encrypted, broken, no-text (only scanned), cut (longer than we read), not-read (no PDF).';
COMMENT ON COLUMN documents."text" IS 'Its text, pages parted by a form feed.';

CREATE TABLE attachment_files (release_id VARCHAR, url VARCHAR, digest VARCHAR, capture_id VARCHAR);
COMMENT ON TABLE attachment_files IS 'The file that stood behind each attachment of the current versions when it was last had.';
COMMENT ON COLUMN attachment_files.release_id IS 'Release that links to the file.';
COMMENT ON COLUMN attachment_files.url IS 'Address of the file, as in attachments.';
COMMENT ON COLUMN attachment_files.digest IS 'Digest of the file.';
COMMENT ON COLUMN attachment_files.capture_id IS 'Capture that first brought these bytes to this address since the last other ones.';

CREATE VIEW attachment_changes AS
WITH seen AS (
    SELECT
        page AS url, capture_id, fetched_at, sequence, warc_offset, bytes, digest,
        lag(digest) OVER (PARTITION BY page ORDER BY fetched_at, sequence, warc_offset) AS before
    FROM captures WHERE family = 'file' AND verdict IN ('good', 'unchanged')
)
SELECT DISTINCT v.release_id, s.url, s.fetched_at AS changed_at, s.before, s.digest AS "after", s.capture_id
FROM seen s
JOIN (SELECT release_id, valid_from, valid_to, unnest(attachments).url AS url FROM release_versions) v
    ON v.url = s.url AND v.valid_from <= s.fetched_at AND (v.valid_to IS NULL OR v.valid_to > s.fetched_at)
WHERE s.before <> s.digest;
COMMENT ON VIEW attachment_changes IS 'Files that were replaced under the same link while a release pointed to them.';
COMMENT ON COLUMN attachment_changes.release_id IS 'Release whose attachment it is.';
COMMENT ON COLUMN attachment_changes.url IS 'Address of the file.';
COMMENT ON COLUMN attachment_changes.changed_at IS 'When the other bytes were first had.';
COMMENT ON COLUMN attachment_changes.before IS 'Digest of the file before.';
COMMENT ON COLUMN attachment_changes."after" IS 'Digest of the file since then.';
COMMENT ON COLUMN attachment_changes.capture_id IS 'Capture that brought them; its bytes are in the raw archive, as are those before.';
