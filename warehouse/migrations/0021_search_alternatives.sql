-- Alternatives of which one is a phrase or has hiragana read every text that may hold it, for what an alternative weighs
-- was counted in the texts. It is counted in the index now, so the best that a document can score is known before any
-- text is read, and the texts are read down the ranking as for other queries. All else of the macro is as it was.

CREATE OR REPLACE MACRO search_releases(query, most := NULL) AS TABLE
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
        i, negative, field = 'title:' AS in_title, term,
        regexp_full_match(term, '[0-9a-zß-öø-ɏͰ-ϿЀ-ӿァ-ヺー-ヿ々-〇㐀-䶿一-鿿]+|[ぁ-ゟ]{2,}') AS whole,
        sum(CASE WHEN after_or OR negative THEN 0 ELSE 1 END) OVER (ORDER BY i) AS clause,
        string_split(regexp_replace(regexp_replace(regexp_replace(term,
            '([ぁ-ゟ])([^ぁ-ゟ])', '\1 \2', 'g'),
            '([^ぁ-ゟ])([ぁ-ゟ])', '\1 \2', 'g'),
            '[^0-9a-zß-öø-ɏͰ-ϿЀ-ӿァ-ヺー-ヿ々-〇㐀-䶿一-鿿ぁ-ゟ]+', ' ', 'g'), ' ') AS parts
    FROM asked WHERE field IN ('', 'title:')
),
-- What the words of a document must contain; a blank says that the word begins or ends there.
parts AS (
    SELECT i, len(parts) AS n, unnest(range(1, len(parts) + 1)) AS k, unnest(parts) AS part
    FROM terms WHERE NOT in_title
),
pieces AS MATERIALIZED (
    SELECT i, k, CASE WHEN k > 1 THEN ' ' ELSE '' END || part || CASE WHEN k < n THEN ' ' ELSE '' END AS piece
    FROM parts WHERE regexp_full_match(part, '[0-9a-zß-öø-ɏͰ-ϿЀ-ӿァ-ヺー-ヿ々-〇㐀-䶿一-鿿]+|[ぁ-ゟ]{2,}')
),
unsure AS MATERIALIZED (SELECT i, term, negative FROM terms WHERE NOT whole AND NOT in_title),
alternatives AS (SELECT clause FROM terms WHERE NOT negative GROUP BY clause HAVING count(*) > 1),
query_is AS MATERIALIZED (
    SELECT
        (SELECT count(*) FROM alternatives) > 0 AS with_choice, (SELECT count(*) FROM unsure) = 0 AS plain,
        (SELECT count(DISTINCT clause) FROM terms WHERE NOT negative) AS clauses,
        (SELECT count(*) FROM search_documents) AS total,
        (SELECT count(*) FROM terms WHERE NOT in_title AND i NOT IN (SELECT i FROM pieces)) > 0 AS blind
),
-- Sets of documents are kept as 64 bits a row from here on: whatever a query finds, five thousand rows hold 300,000.
live AS MATERIALIZED (
    SELECT doc >> 6 AS chunk, bit_or(CAST(1 AS UBIGINT) << CAST(doc & 63 AS UBIGINT)) AS mask FROM search_documents
    WHERE (SELECT with_choice OR blind OR clauses = 0 FROM query_is) GROUP BY chunk
),
titles AS MATERIALIZED (
    SELECT
        t.i, d.doc >> 6 AS chunk, bit_or(CAST(1 AS UBIGINT) << CAST(d.doc & 63 AS UBIGINT)) AS mask,
        count(*) AS documents
    FROM search_documents d, terms t WHERE contains(d.folded_title, t.term) GROUP BY ALL
),
matched AS MATERIALIZED (
    SELECT p.i, p.k, w.rowid AS place, w.word, w.occurrences FROM search_words w, pieces p WHERE contains(w.word, p.piece)
),
-- A gram that occurs as often as the piece it is cut from stands in the same words, and answers for all of them.
chosen AS MATERIALIZED (
    SELECT p.i, p.k, min(f.gram) AS gram
    FROM (
        SELECT i, k, unnest(flatten([
            [substr(piece, CAST(j AS BIGINT), m) FOR j IN range(1, length(piece) - m + 2)] FOR m IN [1, 2, 3]
        ])) AS gram FROM pieces
    ) p
    JOIN search_frequent f ON f.gram = p.gram
    JOIN (SELECT i, k, sum(occurrences) AS occurrences FROM matched GROUP BY i, k) m
        ON m.i = p.i AND m.k = p.k AND m.occurrences = f.occurrences
    GROUP BY p.i, p.k
),
-- The word too says which row it is: a lake passes over files' parts by what columns hold, not by number.
named AS (
    SELECT m.i, m.k, unnest(w.docs) AS doc
    FROM search_words w JOIN (SELECT * FROM matched ANTI JOIN chosen USING (i, k)) m ON m.place = w.rowid AND m.word = w.word
),
held AS (
    SELECT i, k, chunk, bit_or(mask) AS mask FROM (
        SELECT c.i, c.k, g.chunk, g.mask FROM search_grams g JOIN chosen c ON c.gram = g.gram
        UNION ALL
        SELECT i, k, doc >> 6, bit_or(CAST(1 AS UBIGINT) << CAST(doc & 63 AS UBIGINT)) FROM named GROUP BY ALL
    ) GROUP BY i, k, chunk
),
possible AS MATERIALIZED (
    SELECT p.i, p.chunk, CASE WHEN (SELECT with_choice FROM query_is) THEN p.mask & coalesce(l.mask, 0) ELSE p.mask END AS mask
    FROM (
        SELECT h.i, h.chunk, bit_and(h.mask) AS mask FROM held h GROUP BY h.i, h.chunk
        HAVING count(*) = (SELECT count(*) FROM pieces p WHERE p.i = h.i)
        UNION ALL
        SELECT t.i, l.chunk, l.mask FROM terms t, live l WHERE NOT t.in_title AND t.i NOT IN (SELECT i FROM pieces)
        UNION ALL
        SELECT i, chunk, mask FROM titles SEMI JOIN (SELECT i FROM terms WHERE in_title) t USING (i)
    ) p LEFT JOIN live l ON l.chunk = p.chunk
),
-- Among alternatives rare before common, by how many documents may hold the term; what a document scores at most.
text_weights AS (
    SELECT i, CAST(round(1000 * ln(2 + (SELECT total FROM query_is) / greatest(sum(bit_count(mask)), 1))) AS BIGINT) AS weight
    FROM possible SEMI JOIN (SELECT i FROM terms JOIN alternatives USING (clause) WHERE NOT negative) a USING (i) GROUP BY i
),
text_bounds AS (
    SELECT p.chunk, list({'mask': p.mask, 'weight': w.weight}) AS parts
    FROM possible p JOIN text_weights w ON w.i = p.i GROUP BY p.chunk
),
-- Documents that may pass, by the words alone.
candidates AS (
    SELECT w.chunk, w.mask & ~coalesce(n.mask, 0) AS mask FROM (
        SELECT chunk, bit_and(mask) AS mask FROM (
            SELECT t.clause, p.chunk, bit_or(p.mask) AS mask FROM possible p JOIN terms t ON t.i = p.i
            WHERE NOT t.negative GROUP BY t.clause, p.chunk
        ) GROUP BY chunk HAVING count(*) = (SELECT clauses FROM query_is)
        UNION ALL
        SELECT chunk, mask FROM live WHERE (SELECT clauses FROM query_is) = 0
    ) w LEFT JOIN (
        SELECT p.chunk, bit_or(p.mask) AS mask FROM possible p JOIN terms t ON t.i = p.i
        WHERE t.negative AND (t.whole OR t.in_title) GROUP BY p.chunk
    ) n ON n.chunk = w.chunk
),
refused AS (
    SELECT d.doc FROM search_documents d, filters f
    WHERE f.negative = coalesce(CASE f.field
        WHEN 'kind:' THEN d.jcm_kind = f.term
        WHEN 'country:' THEN list_contains(d.countries, f.term)
        WHEN 'lang:' THEN d.lang = f.term
        WHEN 'category:' THEN list_contains(d.categories, f.term)
        WHEN 'from:' THEN d.published_on >= f.day
        ELSE d.published_on <= f.day
    END, FALSE)
),
-- Rare before common: by how many titles hold the term.
title_weights AS (
    SELECT i, CAST(round(1000 * ln(2 + (SELECT total FROM query_is) / (1 + sum(documents)))) AS BIGINT) AS weight
    FROM titles SEMI JOIN (SELECT i FROM terms WHERE NOT negative) t USING (i) GROUP BY i
),
title_scores AS (
    SELECT x.chunk, list({'mask': x.mask, 'weight': w.weight}) AS parts
    FROM titles x JOIN title_weights w ON w.i = x.i GROUP BY x.chunk
),
ranked AS MATERIALIZED (
    SELECT d.doc, d.rowid AS place, d.release_id, d.published_on, CAST(CASE WHEN s.parts IS NULL THEN 0 ELSE list_sum([
            CASE WHEN (x.mask >> CAST(d.doc & 63 AS UBIGINT)) & 1 = 1 THEN x.weight ELSE 0 END FOR x IN s.parts
        ]) END AS BIGINT) AS title_score, CAST(CASE WHEN b.parts IS NULL THEN 0 ELSE list_sum([
            CASE WHEN (x.mask >> CAST(d.doc & 63 AS UBIGINT)) & 1 = 1 THEN x.weight ELSE 0 END FOR x IN b.parts
        ]) END AS BIGINT) AS text_bound
    FROM search_documents d JOIN candidates c ON c.chunk = d.doc >> 6 LEFT JOIN title_scores s ON s.chunk = d.doc >> 6
    LEFT JOIN text_bounds b ON b.chunk = d.doc >> 6
    WHERE (c.mask >> CAST(d.doc & 63 AS UBIGINT)) & 1 = 1 AND d.doc NOT IN (SELECT doc FROM refused)
      AND (SELECT count(*) FROM asked) > 0
),
-- Phrases are looked for in the texts, down the ranking: in the first fifty, and in the others if those do not do.
-- What to look for goes through one list: so it is taken for few rows, and the texts are read for those alone.
first_docs AS MATERIALIZED (
    SELECT * FROM ranked WHERE (SELECT NOT plain FROM query_is)
    ORDER BY title_score DESC, text_bound DESC, published_on DESC, release_id LIMIT 50
),
first_texts AS MATERIALIZED (
    SELECT w.i, w.doc FROM search_texts x JOIN (
        SELECT unnest(list({'i': l.i, 'term': l.term, 'doc': l.doc}), recursive := TRUE)
        FROM (SELECT u.i, u.term, f.doc FROM first_docs f, unsure u) l ANTI JOIN titles x
            ON x.i = l.i AND x.chunk = l.doc >> 6 AND (x.mask >> CAST(l.doc & 63 AS UBIGINT)) & 1 = 1
    ) w
        ON w.doc = x.doc WHERE contains(x."text", w.term) GROUP BY w.i, w.doc
),
first_held AS (
    SELECT p.i, f.doc FROM first_docs f JOIN possible p ON p.chunk = f.doc >> 6 ANTI JOIN unsure u ON u.i = p.i
    WHERE (p.mask >> CAST(f.doc & 63 AS UBIGINT)) & 1 = 1
    UNION ALL
    SELECT x.i, f.doc FROM first_docs f JOIN titles x ON x.chunk = f.doc >> 6 SEMI JOIN unsure u ON u.i = x.i
    WHERE (x.mask >> CAST(f.doc & 63 AS UBIGINT)) & 1 = 1
    UNION ALL
    SELECT i, doc FROM first_texts
),
first_shown AS MATERIALIZED (
    SELECT f.doc, f.place, f.release_id, f.published_on, f.title_score, f.text_bound,
        CAST(coalesce(sum(w.weight), 0) AS BIGINT) AS text_score
    FROM first_docs f LEFT JOIN first_held h ON h.doc = f.doc LEFT JOIN terms t ON t.i = h.i
    LEFT JOIN text_weights w ON w.i = t.i
    GROUP BY ALL
    HAVING count(DISTINCT t.clause) FILTER (NOT t.negative) = (SELECT clauses FROM query_is)
       AND NOT coalesce(bool_or(t.negative), FALSE)
),
-- A document that scores what it could is before all that were not looked at, and so is one that scores more than the
-- last of the fifty could.
settled AS (
    SELECT count(*) AS documents FROM first_shown s, (
        SELECT title_score, text_bound FROM first_docs ORDER BY title_score, text_bound LIMIT 1
    ) l
    WHERE s.text_score = s.text_bound OR (s.title_score, s.text_score) > (l.title_score, l.text_bound)
),
other_docs AS MATERIALIZED (
    SELECT * FROM ranked
    WHERE doc NOT IN (SELECT doc FROM first_docs) AND NOT (SELECT plain FROM query_is)
      AND (most IS NULL OR (SELECT documents FROM settled) < most)
),
other_held AS (
    SELECT p.i, f.doc FROM other_docs f JOIN possible p ON p.chunk = f.doc >> 6 ANTI JOIN unsure u ON u.i = p.i
    WHERE (SELECT with_choice FROM query_is) AND (p.mask >> CAST(f.doc & 63 AS UBIGINT)) & 1 = 1
    UNION ALL
    SELECT x.i, f.doc FROM other_docs f JOIN titles x ON x.chunk = f.doc >> 6 SEMI JOIN unsure u ON u.i = x.i
    WHERE (x.mask >> CAST(f.doc & 63 AS UBIGINT)) & 1 = 1
    UNION ALL
    SELECT w.i, w.doc FROM search_texts x JOIN (
        SELECT unnest(list({'i': l.i, 'term': l.term, 'doc': l.doc}), recursive := TRUE)
        FROM (
            SELECT u.i, u.term, o.doc FROM other_docs o JOIN possible p ON p.chunk = o.doc >> 6 JOIN unsure u ON u.i = p.i
            WHERE (p.mask >> CAST(o.doc & 63 AS UBIGINT)) & 1 = 1
        ) l ANTI JOIN titles x
            ON x.i = l.i AND x.chunk = l.doc >> 6 AND (x.mask >> CAST(l.doc & 63 AS UBIGINT)) & 1 = 1
    ) w ON w.doc = x.doc WHERE contains(x."text", w.term) GROUP BY w.i, w.doc
),
other_shown AS (
    SELECT o.doc, o.place, o.release_id, o.published_on, o.title_score, CAST(coalesce(sum(w.weight), 0) AS BIGINT) AS text_score
    FROM other_docs o LEFT JOIN other_held h ON h.doc = o.doc LEFT JOIN terms t ON t.i = h.i LEFT JOIN text_weights w ON w.i = t.i
    GROUP BY ALL
    HAVING count(DISTINCT t.clause) FILTER (NOT t.negative) = (
            SELECT CASE WHEN with_choice THEN clauses ELSE (SELECT count(*) FROM unsure WHERE NOT negative) END FROM query_is
        )
       AND NOT coalesce(bool_or(t.negative), FALSE)
),
best AS MATERIALIZED (
    SELECT * FROM (
        (
            SELECT doc, place, release_id, published_on, title_score, text_bound AS text_score FROM ranked
            WHERE (SELECT plain FROM query_is)
            ORDER BY title_score DESC, text_bound DESC, published_on DESC, release_id LIMIT most
        )
        UNION ALL
        SELECT doc, place, release_id, published_on, title_score, text_score FROM first_shown
        UNION ALL
        SELECT doc, place, release_id, published_on, title_score, text_score FROM other_shown
    ) ORDER BY title_score DESC, text_score DESC, published_on DESC, release_id LIMIT most
)
SELECT d.release_id, d.version, d.published_on, d.lang, d.title, d.url, b.title_score, b.text_score
FROM best b JOIN search_documents d ON d.rowid = b.place
ORDER BY b.title_score DESC, b.text_score DESC, d.published_on DESC, d.release_id;
COMMENT ON MACRO TABLE search_releases IS 'Releases that match a query, best first; most := 20 gives the first twenty.';
