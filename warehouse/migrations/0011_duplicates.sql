-- What near-duplicates are found by, one row for each release; made again whenever its current version changes.

CREATE TABLE duplicate_signatures (
    release_id VARCHAR, published_on DATE, lang VARCHAR, url VARCHAR, bands UBIGINT[], anchors VARCHAR[],
    link_urls VARCHAR[]
);
COMMENT ON TABLE duplicate_signatures IS 'What near-duplicates and translations of a release are found by.';
COMMENT ON COLUMN duplicate_signatures.release_id IS 'The release.';
COMMENT ON COLUMN duplicate_signatures.published_on IS 'Its date.';
COMMENT ON COLUMN duplicate_signatures.lang IS 'ja or en.';
COMMENT ON COLUMN duplicate_signatures.url IS 'Its address.';
COMMENT ON COLUMN duplicate_signatures.bands IS 'Bands of the MinHash signature of its text without numbers: releases that share two are compared.';
COMMENT ON COLUMN duplicate_signatures.anchors IS 'What both languages write alike: countries, dates, numbers, Latin names.';
COMMENT ON COLUMN duplicate_signatures.link_urls IS 'Addresses it links to.';
