-- The hourly look is a kind of its own: one that goes well must not hide that the daily run is missing.

COMMENT ON COLUMN run_notes.kind IS 'run (the daily one), watch, recheck, backfill or import.';
COMMENT ON COLUMN runs.kind IS 'run (the daily one), watch, recheck, backfill or import.';
