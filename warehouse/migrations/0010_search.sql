-- Search: an index any client can read, and the macro that asks it. How it works: warehouse/search/__init__.py.
-- Words stand uncompressed because every query scans them; that is a few megabytes and saves most of the time.

CREATE TABLE search_state (next_doc INTEGER, unicode VARCHAR, appended BIGINT, dead BIGINT);
COMMENT ON TABLE search_state IS 'One row: how the search index stands.';
COMMENT ON COLUMN search_state.next_doc IS 'Number the next document gets; a number is never given twice.';
COMMENT ON COLUMN search_state.unicode IS 'Version of Unicode by which texts were folded.';
COMMENT ON COLUMN search_state.appended IS 'Rows of search_words added since they were last merged.';
COMMENT ON COLUMN search_state.dead IS 'Documents that are gone but still named in search_words.';

CREATE TABLE search_folding ("character" VARCHAR, folded VARCHAR);
COMMENT ON TABLE search_folding IS 'What characters become before texts are compared: width and case do not count.';
COMMENT ON COLUMN search_folding."character" IS 'A character as written: Ａ, ㈱, ｶ.';
COMMENT ON COLUMN search_folding.folded IS 'What it counts as: a, (株), カ.';

CREATE TABLE search_documents (
    doc INTEGER, release_id VARCHAR, version INTEGER, published_on DATE, lang VARCHAR, url VARCHAR, title VARCHAR,
    folded_title VARCHAR USING COMPRESSION uncompressed, categories VARCHAR[], countries VARCHAR[], jcm_kind VARCHAR
);
COMMENT ON TABLE search_documents IS 'The current version of each release, as the search index knows it.';
COMMENT ON COLUMN search_documents.doc IS 'Number of the document within the index; not stable.';
COMMENT ON COLUMN search_documents.release_id IS 'The release.';
COMMENT ON COLUMN search_documents.version IS 'Its version that is indexed.';
COMMENT ON COLUMN search_documents.published_on IS 'Date of the release.';
COMMENT ON COLUMN search_documents.lang IS 'ja or en.';
COMMENT ON COLUMN search_documents.url IS 'Address of the release.';
COMMENT ON COLUMN search_documents.title IS 'Title as printed.';
COMMENT ON COLUMN search_documents.folded_title IS 'Title without width and case.';
COMMENT ON COLUMN search_documents.categories IS 'Categories without width and case.';
COMMENT ON COLUMN search_documents.countries IS 'Countries named and JCM countries, in small letters.';
COMMENT ON COLUMN search_documents.jcm_kind IS 'Kind of JCM announcement.';

CREATE TABLE search_texts (
    doc INTEGER, in_title BOOLEAN, "text" VARCHAR USING COMPRESSION zstd, shown VARCHAR USING COMPRESSION zstd
);
COMMENT ON TABLE search_texts IS 'Every line of every searchable text: title, body, facts, contacts, attachments.';
COMMENT ON COLUMN search_texts.doc IS 'The document.';
COMMENT ON COLUMN search_texts.in_title IS 'Whether the line is the title.';
COMMENT ON COLUMN search_texts."text" IS 'The line without width and case.';
COMMENT ON COLUMN search_texts.shown IS 'The line as printed; NULL where that is the same.';

CREATE TABLE search_words (
    word VARCHAR USING COMPRESSION uncompressed, in_title BOOLEAN, occurrences INTEGER, docs INTEGER[]
);
COMMENT ON TABLE search_words IS 'Where each run of kanji, katakana, Latin letters and digits, or of hiragana, occurs.';
COMMENT ON COLUMN search_words.word IS 'The run, with a blank at each end; several rows may have the same.';
COMMENT ON COLUMN search_words.in_title IS 'Whether these occurrences are in titles.';
COMMENT ON COLUMN search_words.occurrences IS 'How many documents the row names.';
COMMENT ON COLUMN search_words.docs IS 'The documents.';

CREATE TABLE attachment_texts (release_id VARCHAR, url VARCHAR, "text" VARCHAR USING COMPRESSION zstd);
COMMENT ON TABLE attachment_texts IS 'Text of attachments that were fetched and could be read.';
COMMENT ON COLUMN attachment_texts.release_id IS 'Release that links to the file.';
COMMENT ON COLUMN attachment_texts.url IS 'Address of the file.';
COMMENT ON COLUMN attachment_texts."text" IS 'Its text, one block a line.';

CREATE MACRO search_releases(query, most := NULL) AS TABLE
WITH
-- The query, token by token: words, "phrases", -minus, OR, field:value. warehouse/search/query.py reads it alike.
typed AS (
    SELECT regexp_extract_all(translate(query, '＂“”：－　', '""":- '), '-?(?:[A-Za-z]+:)?"[^"]*"?|[^\s"]+') AS tokens
),
tokens AS (
    SELECT unnest(range(1, len(tokens) + 1)) AS i, unnest(tokens) AS token FROM typed
),
signed AS (
    SELECT
        i, token = 'OR' AS is_or, coalesce(lag(token) OVER (ORDER BY i) = 'OR', FALSE) AS after_or,
        starts_with(token, '-') AND length(token) > 1 AS negative, regexp_replace(token, '^-(.)', '\1') AS rest
    FROM tokens
),
given AS (
    SELECT
        i, negative, after_or,
        lower(regexp_extract(rest, '^(?i:title|kind|country|lang|category|from|to):')) AS field,
        replace(regexp_replace(rest, '^(?i:title|kind|country|lang|category|from|to):', ''), '"', '') AS "value"
    FROM signed WHERE NOT is_or
),
letters AS (
    SELECT i, unnest(range(1, length("value") + 1)) AS place, unnest(string_split("value", '')) AS letter FROM given
),
folded AS (
    SELECT
        i, trim(regexp_replace(nfc_normalize(string_agg(coalesce(f.folded, letter), '' ORDER BY place)), '\s+', ' ', 'g'))
            AS term
    FROM letters LEFT JOIN search_folding f ON f."character" = letter GROUP BY i
),
asked AS (
    SELECT g.i, g.negative, g.after_or, g.field, f.term FROM given g JOIN folded f ON f.i = g.i WHERE f.term <> ''
),
filters AS (
    SELECT
        i, negative, field, term,
        try_cast(CASE
            WHEN field = 'from:' THEN term || '-01-01'[length(term) - 3:]
            WHEN field = 'to:' AND length(term) = 4 THEN term || '-12-31'
            WHEN field = 'to:' AND length(term) = 7 THEN CAST(last_day(try_cast(term || '-01' AS DATE)) AS VARCHAR)
            WHEN field = 'to:' THEN term
        END AS DATE) AS day
    FROM asked WHERE field NOT IN ('', 'title:')
),
terms AS (
    SELECT
        i, negative, field = 'title:' AS in_title, term, regexp_full_match(term, '[0-9a-zß-öø-ɏͰ-ϿЀ-ӿァ-ヺー-ヿ々-〇㐀-䶿一-鿿]+|[ぁ-ゟ]{2,}') AS whole,
        sum(CASE WHEN after_or OR negative THEN 0 ELSE 1 END) OVER (ORDER BY i) AS clause,
        string_split(regexp_replace(regexp_replace(regexp_replace(term,
            '([ぁ-ゟ])([^ぁ-ゟ])', '\1 \2', 'g'),
            '([^ぁ-ゟ])([ぁ-ゟ])', '\1 \2', 'g'),
            '[^0-9a-zß-öø-ɏͰ-ϿЀ-ӿァ-ヺー-ヿ々-〇㐀-䶿一-鿿ぁ-ゟ]+', ' ', 'g'), ' ') AS parts
    FROM asked WHERE field IN ('', 'title:')
),
-- What the words of a document must contain; a blank says that the word begins or ends there.
parts AS (
    SELECT i, in_title, len(parts) AS n, unnest(range(1, len(parts) + 1)) AS k, unnest(parts) AS part FROM terms
),
pieces AS (
    SELECT i, in_title, k, CASE WHEN k > 1 THEN ' ' ELSE '' END || part || CASE WHEN k < n THEN ' ' ELSE '' END AS piece
    FROM parts WHERE regexp_full_match(part, '[0-9a-zß-öø-ɏͰ-ϿЀ-ӿァ-ヺー-ヿ々-〇㐀-䶿一-鿿]+|[ぁ-ゟ]{2,}')
),
found AS (
    SELECT i, k, doc, bool_or(in_title) AS in_title FROM (
        SELECT p.i, p.k, w.in_title, unnest(w.docs) AS doc
        FROM search_words w, pieces p WHERE contains(w.word, p.piece) AND (w.in_title OR NOT p.in_title)
    ) GROUP BY i, k, doc
),
possible AS (
    SELECT f.i, f.doc, bool_and(f.in_title) AS in_title FROM found f GROUP BY f.i, f.doc
    HAVING count(*) = (SELECT count(*) FROM pieces p WHERE p.i = f.i)
    UNION ALL
    SELECT t.i, d.doc, FALSE FROM terms t, search_documents d WHERE t.i NOT IN (SELECT i FROM pieces)
),
unsure AS (
    SELECT t.i, t.term, t.in_title, p.doc FROM terms t JOIN possible p ON p.i = t.i WHERE NOT t.whole
),
sure AS (
    SELECT p.i, p.doc, p.in_title FROM possible p JOIN terms t ON t.i = p.i WHERE t.whole
    UNION ALL
    SELECT u.i, u.doc, bool_or(x.in_title) FROM search_texts x JOIN unsure u ON x.doc = u.doc
    WHERE contains(x."text", u.term) AND (x.in_title OR NOT u.in_title) GROUP BY u.i, u.doc
),
standing AS (
    SELECT s.i, s.doc, s.in_title FROM sure s SEMI JOIN search_documents d ON d.doc = s.doc
),
-- Rare before common: by how many titles hold the term, and among alternatives (OR) by how many texts do.
weights AS (
    SELECT
        s.i, CAST(round(1000 * ln(2 + (SELECT count(*) FROM search_documents) / (1 + count(*) FILTER (s.in_title)))) AS BIGINT)
            AS title_weight,
        CAST(round(1000 * ln(2 + (SELECT count(*) FROM search_documents) / count(*))) AS BIGINT) AS text_weight
    FROM standing s GROUP BY s.i
),
alternatives AS (
    SELECT clause FROM terms WHERE NOT negative GROUP BY clause HAVING count(*) > 1
),
scored AS (
    SELECT
        s.doc, CAST(sum(CASE WHEN s.in_title THEN w.title_weight ELSE 0 END) AS BIGINT) AS title_score,
        CAST(sum(CASE WHEN t.clause IN (SELECT clause FROM alternatives) THEN w.text_weight ELSE 0 END) AS BIGINT)
            AS text_score,
        count(DISTINCT t.clause) AS clauses
    FROM standing s JOIN terms t ON t.i = s.i JOIN weights w ON w.i = s.i WHERE NOT t.negative GROUP BY s.doc
),
refused AS (
    SELECT s.doc FROM standing s JOIN terms t ON t.i = s.i WHERE t.negative
    UNION
    SELECT d.doc FROM search_documents d, filters f
    WHERE f.negative = coalesce(CASE f.field
        WHEN 'kind:' THEN d.jcm_kind = f.term
        WHEN 'country:' THEN list_contains(d.countries, f.term)
        WHEN 'lang:' THEN d.lang = f.term
        WHEN 'category:' THEN list_contains(d.categories, f.term)
        WHEN 'from:' THEN d.published_on >= f.day
        ELSE d.published_on <= f.day
    END, FALSE)
)
SELECT
    d.release_id, d.version, d.published_on, d.lang, d.title, d.url,
    coalesce(s.title_score, 0) AS title_score, coalesce(s.text_score, 0) AS text_score
FROM search_documents d LEFT JOIN scored s ON s.doc = d.doc
WHERE coalesce(s.clauses, 0) = (SELECT count(DISTINCT clause) FROM terms WHERE NOT negative)
  AND d.doc NOT IN (SELECT doc FROM refused)
  AND (SELECT count(*) FROM asked) > 0
ORDER BY title_score DESC, text_score DESC, d.published_on DESC, d.release_id
LIMIT most;
COMMENT ON MACRO TABLE search_releases IS 'Releases that match a query, best first; most := 20 gives the first twenty.';
