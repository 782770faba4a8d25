WITH totals AS MATERIALIZED (
    SELECT chunks, words, languages FROM knowledge_totals WHERE tenant_id = current_tenant()
),
-- The words of the question, in each language that the workspace has documents in, and where they are first.
said AS MATERIALIZED (
    SELECT lexeme, language, positions[1] AS position
      FROM totals, unnest(languages) AS language, unnest(to_tsvector(language::regconfig, $1))
),
asked AS MATERIALIZED (SELECT DISTINCT lexeme FROM said),
posted AS MATERIALIZED (
    SELECT word, document_id, ordinals, frequencies, lengths,
           ln(1 + (chunks - found + 0.5) / (found + 0.5))::float8 AS weight
      FROM totals, (
        SELECT postings.*, sum(cardinality(ordinals)) OVER (PARTITION BY word) AS found
          FROM asked JOIN postings ON postings.word = asked.lexeme AND tenant_id = current_tenant()) AS postings
),
-- What the words weigh together, also those that no document has. What one of the languages leaves out is no word.
weight AS MATERIALIZED (
    SELECT coalesce(sum(weight), 0) AS whole
      FROM (
        SELECT coalesce(max(weight), ln(1 + (chunks + 0.5) / 0.5)) AS weight
          FROM totals, said
          LEFT JOIN (SELECT DISTINCT word, weight FROM posted) AS known ON word = lexeme
         GROUP BY position, chunks, languages
        HAVING count(DISTINCT language) = cardinality(languages)) AS words
),
keyword AS (
    SELECT document_id, ordinal, sum(weight) AS covered,
           sum(weight * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * length * totals.chunks / totals.words))) AS score
      FROM totals, posted, unnest(ordinals, frequencies, lengths) AS posting (ordinal, frequency, length)
     GROUP BY document_id, ordinal
     ORDER BY score DESC, document_id, ordinal
     LIMIT $5
),
semantic AS (
    -- Every vector of the workspace is compared, unless there are too many. Adding 0 keeps the index out.
    (SELECT document_id, ordinal, 1 - (vector <=> $3::halfvec) AS score
       FROM chunk_vectors
      WHERE tenant_id = current_tenant() AND embedding = $2 AND (SELECT chunks FROM totals) <= $7
      ORDER BY (vector <=> $3::halfvec) + 0
      LIMIT $5)
    UNION ALL
    (SELECT document_id, ordinal, 1 - (vector::halfvec(DIMENSIONS) <=> $3::halfvec(DIMENSIONS)) AS score
       FROM chunk_vectors
      WHERE tenant_id = current_tenant() AND embedding = $2 AND (SELECT chunks FROM totals) > $7
      ORDER BY vector::halfvec(DIMENSIONS) <=> $3::halfvec(DIMENSIONS)
      LIMIT $5)
),
ranked AS (
    SELECT document_id, ordinal, max(semantic) AS semantic, max(keyword) AS keyword, max(covered) AS covered,
           sum(1.0 / (60 + rank)) AS fused
      FROM (
        SELECT document_id, ordinal, NULL::float8 AS semantic, score AS keyword, covered,
               row_number() OVER (ORDER BY score DESC, document_id, ordinal) AS rank
          FROM keyword
        UNION ALL
        SELECT document_id, ordinal, score, NULL, NULL,
               row_number() OVER (ORDER BY score DESC, document_id, ordinal)
          FROM semantic) AS sides
     GROUP BY document_id, ordinal
),
best AS (
    SELECT *, place > $6 AS is_further
      FROM (
        SELECT *, row_number() OVER (
                      PARTITION BY document_id ORDER BY fused DESC, semantic DESC NULLS LAST, ordinal) AS place
          FROM ranked) AS placed
     ORDER BY is_further, fused DESC, semantic DESC NULLS LAST, keyword DESC NULLS LAST, document_id, ordinal
     LIMIT $4
),
-- As a query of full-text search, for the marks.
marks AS (
    SELECT string_agg('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''', ' | ')::tsquery AS marked_words
      FROM asked
)
SELECT document_id, title, ordinal, heading_path, start_char, end_char, semantic, keyword,
       CASE WHEN whole > 0 THEN least(1, coalesce(covered, 0) / whole) ELSE 0 END AS coverage,
       coalesce(
           ts_headline(language::regconfig, chunks.text, marked_words,
                       'HighlightAll=true, StartSel=' || chr(2) || ', StopSel=' || chr(3)),
           chunks.text) AS marked
  FROM best
  JOIN chunks USING (document_id, ordinal)
  JOIN documents ON documents.id = document_id,
       weight, marks
 ORDER BY is_further, fused DESC, semantic DESC NULLS LAST, keyword DESC NULLS LAST, document_id, ordinal
