ALTER TABLE messages DROP COLUMN citations;
ALTER TABLE runs DROP COLUMN passages;
DROP TABLE chunk_vectors, knowledge_totals, postings, chunks, document_contents, documents;
