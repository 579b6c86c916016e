-- The SQL face of moej diff.

CREATE VIEW release_changes AS
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
WHERE c.one.before IS DISTINCT FROM c.one.after;
COMMENT ON VIEW release_changes IS 'Every field that a version changed: what the version before said, and what this one says.';
COMMENT ON COLUMN release_changes.release_id IS 'The release.';
COMMENT ON COLUMN release_changes.version IS 'The version that brought the change.';
COMMENT ON COLUMN release_changes.valid_from IS 'When that version was first seen.';
COMMENT ON COLUMN release_changes.change IS 'Why that version exists: changed, withdrawn, restored.';
COMMENT ON COLUMN release_changes.field IS 'Column of releases; lead and body_markdown repeat the body and are left out.';
COMMENT ON COLUMN release_changes.before IS 'What it was, as text; NULL if it was empty.';
COMMENT ON COLUMN release_changes."after" IS 'What it is now, as text; NULL if it is empty.';
