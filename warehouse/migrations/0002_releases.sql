-- Every version of every release, and the views analysts open first.

CREATE TABLE release_versions (
    release_id VARCHAR,
    url VARCHAR,
    lang VARCHAR,
    title VARCHAR,
    published_on DATE,
    categories VARCHAR[],
    joint_with VARCHAR[],
    lead VARCHAR USING COMPRESSION zstd,
    body VARCHAR USING COMPRESSION zstd,
    body_markdown VARCHAR USING COMPRESSION zstd,
    facts STRUCT(label VARCHAR, value VARCHAR)[],
    event_starts_on DATE,
    event_ends_on DATE,
    event_hours VARCHAR,
    event_place VARCHAR,
    contacts STRUCT(organisation VARCHAR, phones STRUCT(label VARCHAR, number VARCHAR)[], people STRUCT(role VARCHAR, name VARCHAR, extension VARCHAR)[], emails VARCHAR[])[],
    attachments STRUCT(title VARCHAR, url VARCHAR, media_type VARCHAR, size_label VARCHAR)[],
    links STRUCT(title VARCHAR, url VARCHAR)[],
    corrections STRUCT(corrected_on DATE, note VARCHAR)[],
    countries VARCHAR[],
    jcm_role VARCHAR,
    jcm_kind VARCHAR,
    jcm_evidence VARCHAR[],
    jcm_countries VARCHAR[],
    jcm_partner_count INTEGER,
    jcm_projects INTEGER,
    jcm_tonnes DOUBLE,
    version INTEGER,
    versions INTEGER,
    first_seen_at TIMESTAMPTZ,
    changed_at TIMESTAMPTZ,
    withdrawn_at TIMESTAMPTZ,
    content_hash VARCHAR,
    extractor_version VARCHAR,
    capture_id VARCHAR,
    valid_from TIMESTAMPTZ,
    valid_to TIMESTAMPTZ,
    change VARCHAR
);
COMMENT ON TABLE release_versions IS 'Every version of every release: what it said from valid_from to valid_to.';
COMMENT ON COLUMN release_versions.release_id IS 'Date of first publication and page name: 20250630-press_00177. Never changes.';
COMMENT ON COLUMN release_versions.url IS 'Canonical https address of the page.';
COMMENT ON COLUMN release_versions.lang IS 'ja or en.';
COMMENT ON COLUMN release_versions.title IS 'Title as printed.';
COMMENT ON COLUMN release_versions.published_on IS 'Date the Ministry gives the release; it does not move when the page is corrected.';
COMMENT ON COLUMN release_versions.categories IS 'Categories as printed: 地球環境 …';
COMMENT ON COLUMN release_versions.joint_with IS 'Other organisations of a joint release, as printed.';
COMMENT ON COLUMN release_versions.lead IS 'The grey box at the top: numbered sentences, one a line.';
COMMENT ON COLUMN release_versions.body IS 'The whole text, one block a line, each block once.';
COMMENT ON COLUMN release_versions.body_markdown IS 'The same text as Markdown, with tables.';
COMMENT ON COLUMN release_versions.facts IS 'Labelled facts: 日時, 場所, 参加国等 …; labels without bullets and letter-spacing.';
COMMENT ON COLUMN release_versions.event_starts_on IS 'First day of the gathering announced, if any.';
COMMENT ON COLUMN release_versions.event_ends_on IS 'Its last day.';
COMMENT ON COLUMN release_versions.event_hours IS 'Its hours: 09:00-12:00.';
COMMENT ON COLUMN release_versions.event_place IS 'Its place, as printed.';
COMMENT ON COLUMN release_versions.contacts IS '連絡先: organisation, telephones, people with role and extension, e-mail addresses.';
COMMENT ON COLUMN release_versions.attachments IS 'Files linked from the release; size as printed.';
COMMENT ON COLUMN release_versions.links IS 'Related releases and pages.';
COMMENT ON COLUMN release_versions.corrections IS 'Notes of the Ministry that it corrected the page.';
COMMENT ON COLUMN release_versions.countries IS 'Foreign countries named, ISO 3166 alpha-2, sorted.';
COMMENT ON COLUMN release_versions.jcm_role IS 'subject (announces something about the JCM), mention, or none.';
COMMENT ON COLUMN release_versions.jcm_kind IS 'Kind of announcement, for subjects: partnership, joint_committee, credits, selection, call, study, meeting, event, governance, consultation, guidance, fund.';
COMMENT ON COLUMN release_versions.jcm_evidence IS 'Phrases that decided role and kind, with where they stood.';
COMMENT ON COLUMN release_versions.jcm_countries IS 'Partner countries it is about or that took part, ISO 3166 alpha-2, sorted.';
COMMENT ON COLUMN release_versions.jcm_partner_count IS 'Total number of partner countries it states.';
COMMENT ON COLUMN release_versions.jcm_projects IS 'Projects chosen or credited by this release.';
COMMENT ON COLUMN release_versions.jcm_tonnes IS 'Credits issued by this release, in tCO2.';
COMMENT ON COLUMN release_versions.version IS 'Number of the version, from 1.';
COMMENT ON COLUMN release_versions.versions IS 'How many versions the release has.';
COMMENT ON COLUMN release_versions.first_seen_at IS 'When we first saw the release.';
COMMENT ON COLUMN release_versions.changed_at IS 'When its content last changed under our eyes; NULL if never.';
COMMENT ON COLUMN release_versions.withdrawn_at IS 'Since when the page is gone; NULL while it stands.';
COMMENT ON COLUMN release_versions.content_hash IS 'Hash of what the Ministry wrote, white space and width aside.';
COMMENT ON COLUMN release_versions.extractor_version IS 'Version of the extractor that read it.';
COMMENT ON COLUMN release_versions.capture_id IS 'Capture in which the version was first seen.';
COMMENT ON COLUMN release_versions.valid_from IS 'When this version was first seen.';
COMMENT ON COLUMN release_versions.valid_to IS 'When the next version was first seen; NULL = current.';
COMMENT ON COLUMN release_versions.change IS 'Why the version exists: created, changed, withdrawn, restored.';

CREATE VIEW releases AS SELECT
    release_id, url, lang, title, published_on, categories, joint_with, lead, body, body_markdown, facts,
    event_starts_on, event_ends_on, event_hours, event_place, contacts, attachments, links, corrections,
    countries, jcm_role, jcm_kind, jcm_evidence, jcm_countries, jcm_partner_count, jcm_projects, jcm_tonnes,
    version, versions, first_seen_at, changed_at, withdrawn_at, content_hash, extractor_version, capture_id
FROM release_versions WHERE valid_to IS NULL;
COMMENT ON VIEW releases IS 'The current version of each release, withdrawn ones included (withdrawn_at).';
COMMENT ON COLUMN releases.release_id IS 'Date of first publication and page name: 20250630-press_00177. Never changes.';
COMMENT ON COLUMN releases.url IS 'Canonical https address of the page.';
COMMENT ON COLUMN releases.lang IS 'ja or en.';
COMMENT ON COLUMN releases.title IS 'Title as printed.';
COMMENT ON COLUMN releases.published_on IS 'Date the Ministry gives the release; it does not move when the page is corrected.';
COMMENT ON COLUMN releases.categories IS 'Categories as printed: 地球環境 …';
COMMENT ON COLUMN releases.joint_with IS 'Other organisations of a joint release, as printed.';
COMMENT ON COLUMN releases.lead IS 'The grey box at the top: numbered sentences, one a line.';
COMMENT ON COLUMN releases.body IS 'The whole text, one block a line, each block once.';
COMMENT ON COLUMN releases.body_markdown IS 'The same text as Markdown, with tables.';
COMMENT ON COLUMN releases.facts IS 'Labelled facts: 日時, 場所, 参加国等 …; labels without bullets and letter-spacing.';
COMMENT ON COLUMN releases.event_starts_on IS 'First day of the gathering announced, if any.';
COMMENT ON COLUMN releases.event_ends_on IS 'Its last day.';
COMMENT ON COLUMN releases.event_hours IS 'Its hours: 09:00-12:00.';
COMMENT ON COLUMN releases.event_place IS 'Its place, as printed.';
COMMENT ON COLUMN releases.contacts IS '連絡先: organisation, telephones, people with role and extension, e-mail addresses.';
COMMENT ON COLUMN releases.attachments IS 'Files linked from the release; size as printed.';
COMMENT ON COLUMN releases.links IS 'Related releases and pages.';
COMMENT ON COLUMN releases.corrections IS 'Notes of the Ministry that it corrected the page.';
COMMENT ON COLUMN releases.countries IS 'Foreign countries named, ISO 3166 alpha-2, sorted.';
COMMENT ON COLUMN releases.jcm_role IS 'subject (announces something about the JCM), mention, or none.';
COMMENT ON COLUMN releases.jcm_kind IS 'Kind of announcement, for subjects: partnership, joint_committee, credits, selection, call, study, meeting, event, governance, consultation, guidance, fund.';
COMMENT ON COLUMN releases.jcm_evidence IS 'Phrases that decided role and kind, with where they stood.';
COMMENT ON COLUMN releases.jcm_countries IS 'Partner countries it is about or that took part, ISO 3166 alpha-2, sorted.';
COMMENT ON COLUMN releases.jcm_partner_count IS 'Total number of partner countries it states.';
COMMENT ON COLUMN releases.jcm_projects IS 'Projects chosen or credited by this release.';
COMMENT ON COLUMN releases.jcm_tonnes IS 'Credits issued by this release, in tCO2.';
COMMENT ON COLUMN releases.version IS 'Number of the version, from 1.';
COMMENT ON COLUMN releases.versions IS 'How many versions the release has.';
COMMENT ON COLUMN releases.first_seen_at IS 'When we first saw the release.';
COMMENT ON COLUMN releases.changed_at IS 'When its content last changed under our eyes; NULL if never.';
COMMENT ON COLUMN releases.withdrawn_at IS 'Since when the page is gone; NULL while it stands.';
COMMENT ON COLUMN releases.content_hash IS 'Hash of what the Ministry wrote, white space and width aside.';
COMMENT ON COLUMN releases.extractor_version IS 'Version of the extractor that read it.';
COMMENT ON COLUMN releases.capture_id IS 'Capture in which the version was first seen.';

CREATE VIEW jcm_announcements AS SELECT
    release_id, url, lang, title, published_on, categories, joint_with, lead, body, body_markdown, facts,
    event_starts_on, event_ends_on, event_hours, event_place, contacts, attachments, links, corrections,
    countries, jcm_role, jcm_kind, jcm_evidence, jcm_countries, jcm_partner_count, jcm_projects, jcm_tonnes,
    version, versions, first_seen_at, changed_at, withdrawn_at, content_hash, extractor_version, capture_id
FROM releases WHERE jcm_role = 'subject' ORDER BY published_on DESC, release_id DESC;
COMMENT ON VIEW jcm_announcements IS 'Releases that announce something about the JCM itself, newest first.';
COMMENT ON COLUMN jcm_announcements.release_id IS 'Date of first publication and page name: 20250630-press_00177. Never changes.';
COMMENT ON COLUMN jcm_announcements.url IS 'Canonical https address of the page.';
COMMENT ON COLUMN jcm_announcements.lang IS 'ja or en.';
COMMENT ON COLUMN jcm_announcements.title IS 'Title as printed.';
COMMENT ON COLUMN jcm_announcements.published_on IS 'Date the Ministry gives the release; it does not move when the page is corrected.';
COMMENT ON COLUMN jcm_announcements.categories IS 'Categories as printed: 地球環境 …';
COMMENT ON COLUMN jcm_announcements.joint_with IS 'Other organisations of a joint release, as printed.';
COMMENT ON COLUMN jcm_announcements.lead IS 'The grey box at the top: numbered sentences, one a line.';
COMMENT ON COLUMN jcm_announcements.body IS 'The whole text, one block a line, each block once.';
COMMENT ON COLUMN jcm_announcements.body_markdown IS 'The same text as Markdown, with tables.';
COMMENT ON COLUMN jcm_announcements.facts IS 'Labelled facts: 日時, 場所, 参加国等 …; labels without bullets and letter-spacing.';
COMMENT ON COLUMN jcm_announcements.event_starts_on IS 'First day of the gathering announced, if any.';
COMMENT ON COLUMN jcm_announcements.event_ends_on IS 'Its last day.';
COMMENT ON COLUMN jcm_announcements.event_hours IS 'Its hours: 09:00-12:00.';
COMMENT ON COLUMN jcm_announcements.event_place IS 'Its place, as printed.';
COMMENT ON COLUMN jcm_announcements.contacts IS '連絡先: organisation, telephones, people with role and extension, e-mail addresses.';
COMMENT ON COLUMN jcm_announcements.attachments IS 'Files linked from the release; size as printed.';
COMMENT ON COLUMN jcm_announcements.links IS 'Related releases and pages.';
COMMENT ON COLUMN jcm_announcements.corrections IS 'Notes of the Ministry that it corrected the page.';
COMMENT ON COLUMN jcm_announcements.countries IS 'Foreign countries named, ISO 3166 alpha-2, sorted.';
COMMENT ON COLUMN jcm_announcements.jcm_role IS 'subject (announces something about the JCM), mention, or none.';
COMMENT ON COLUMN jcm_announcements.jcm_kind IS 'Kind of announcement, for subjects: partnership, joint_committee, credits, selection, call, study, meeting, event, governance, consultation, guidance, fund.';
COMMENT ON COLUMN jcm_announcements.jcm_evidence IS 'Phrases that decided role and kind, with where they stood.';
COMMENT ON COLUMN jcm_announcements.jcm_countries IS 'Partner countries it is about or that took part, ISO 3166 alpha-2, sorted.';
COMMENT ON COLUMN jcm_announcements.jcm_partner_count IS 'Total number of partner countries it states.';
COMMENT ON COLUMN jcm_announcements.jcm_projects IS 'Projects chosen or credited by this release.';
COMMENT ON COLUMN jcm_announcements.jcm_tonnes IS 'Credits issued by this release, in tCO2.';
COMMENT ON COLUMN jcm_announcements.version IS 'Number of the version, from 1.';
COMMENT ON COLUMN jcm_announcements.versions IS 'How many versions the release has.';
COMMENT ON COLUMN jcm_announcements.first_seen_at IS 'When we first saw the release.';
COMMENT ON COLUMN jcm_announcements.changed_at IS 'When its content last changed under our eyes; NULL if never.';
COMMENT ON COLUMN jcm_announcements.withdrawn_at IS 'Since when the page is gone; NULL while it stands.';
COMMENT ON COLUMN jcm_announcements.content_hash IS 'Hash of what the Ministry wrote, white space and width aside.';
COMMENT ON COLUMN jcm_announcements.extractor_version IS 'Version of the extractor that read it.';
COMMENT ON COLUMN jcm_announcements.capture_id IS 'Capture in which the version was first seen.';

-- A release had as many versions then as the number of the version that held then.
CREATE MACRO releases_as_of(ts) AS TABLE SELECT
    release_id, url, lang, title, published_on, categories, joint_with, lead, body, body_markdown, facts,
    event_starts_on, event_ends_on, event_hours, event_place, contacts, attachments, links, corrections,
    countries, jcm_role, jcm_kind, jcm_evidence, jcm_countries, jcm_partner_count, jcm_projects, jcm_tonnes,
    version, version AS versions, first_seen_at, changed_at, withdrawn_at, content_hash, extractor_version,
    capture_id
FROM release_versions
WHERE valid_from <= CAST(ts AS TIMESTAMPTZ) AND (valid_to IS NULL OR valid_to > CAST(ts AS TIMESTAMPTZ));
COMMENT ON MACRO TABLE releases_as_of IS 'The view releases as it was at ts: no row for what had not been seen by then.';

CREATE TABLE duplicates (release_id VARCHAR, other_id VARCHAR, kind VARCHAR, similarity DOUBLE);
COMMENT ON TABLE duplicates IS 'Other appearances of a release: other addresses of it, and releases that repeat it.';
COMMENT ON COLUMN duplicates.release_id IS 'The release.';
COMMENT ON COLUMN duplicates.other_id IS 'The other release; for kind alias, the other address.';
COMMENT ON COLUMN duplicates.kind IS 'alias (another address of the release), copy (same text), translation (other language), sibling (same template, other numbers and dates).';
COMMENT ON COLUMN duplicates.similarity IS 'Similarity of the texts from 0 to 1.';

CREATE TABLE reextractions (
    "at" TIMESTAMPTZ, from_version VARCHAR, to_version VARCHAR, release_id VARCHAR, version INTEGER,
    capture_id VARCHAR, fields VARCHAR[]
);
COMMENT ON TABLE reextractions IS 'What another extractor read differently in pages that had not changed.';
COMMENT ON COLUMN reextractions."at" IS 'When the archive was read again.';
COMMENT ON COLUMN reextractions.from_version IS 'Version of the extractor before.';
COMMENT ON COLUMN reextractions.to_version IS 'Version of the extractor after.';
COMMENT ON COLUMN reextractions.release_id IS 'Release that came out differently.';
COMMENT ON COLUMN reextractions.version IS 'Its version.';
COMMENT ON COLUMN reextractions.capture_id IS 'Capture in which that version was first seen.';
COMMENT ON COLUMN reextractions.fields IS 'Columns that came out differently; version if it came or went.';
