-- A file that asks for more time or memory than one may have is noted, for its reader would die of it.
COMMENT ON COLUMN documents.note IS 'NULL if read whole; else encrypted, broken, no-text (only scanned), cut (longer than we read), not-read (no PDF), too-heavy (asked for more time or memory than a file may have).';
