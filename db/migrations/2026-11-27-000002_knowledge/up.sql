-- What a workspace knows: documents, their pieces, and what they are found by.

CREATE TABLE documents (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    format text NOT NULL CHECK (format IN ('text', 'markdown', 'html', 'pdf')),
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    -- SHA-256: the same content is one document.
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    state text NOT NULL CHECK (state IN ('pending', 'indexed', 'failed')),
    -- Why it failed, or what it waits for, for a person.
    reason text,
    -- The configuration of full-text search whose words it was taken apart into; NULL until it is read.
    language text,
    characters bigint NOT NULL DEFAULT 0,
    chunks integer NOT NULL DEFAULT 0,
    words bigint NOT NULL DEFAULT 0,
    -- The model and dimensions of its vectors, when each of its chunks has one.
    embedding text,
    added_by uuid,
    -- The instance that works on it, and until when nobody else may.
    owner uuid,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, content_hash),
    CHECK ((owner IS NULL) = (lease_until IS NULL)),
    FOREIGN KEY (tenant_id, added_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (added_by)
);

CREATE INDEX documents_latest ON documents (tenant_id, created_at DESC, id DESC);
CREATE INDEX documents_due ON documents (due_at) WHERE state = 'pending';

-- The file until it is read, and its text from then on.
CREATE TABLE document_contents (
    document_id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    bytes bytea,
    text text,
    CHECK ((bytes IS NULL) <> (text IS NULL)),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents (tenant_id, id) ON DELETE CASCADE
);

-- A file is compressed already, or not worth it: its text is.
ALTER TABLE document_contents ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE chunks (
    document_id uuid NOT NULL,
    ordinal integer NOT NULL,
    tenant_id uuid NOT NULL,
    heading_path text[] NOT NULL,
    -- Where it is in the text, in characters.
    start_char integer NOT NULL,
    end_char integer NOT NULL,
    text text NOT NULL,
    -- SHA-256 of what is embedded of it, so that the same is not paid twice.
    embedded_hash bytea NOT NULL,
    PRIMARY KEY (document_id, ordinal),
    CHECK (0 <= start_char AND start_char < end_char),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX chunks_same ON chunks (tenant_id, embedded_hash);

-- In which chunks a word is, how often, and how many words each has.
--
-- It is a table because row-level security lets no operator of full-text search use an index: it might tell of rows
-- that are hidden. An equality may.
CREATE TABLE postings (
    tenant_id uuid NOT NULL,
    word text COLLATE "C" NOT NULL,
    document_id uuid NOT NULL,
    ordinals integer[] NOT NULL,
    frequencies integer[] NOT NULL,
    lengths integer[] NOT NULL,
    PRIMARY KEY (tenant_id, word, document_id),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX postings_of_documents ON postings (tenant_id, document_id);

-- What the words of a workspace are weighed by. Whoever adds or removes chunks holds the row.
CREATE TABLE knowledge_totals (
    tenant_id uuid PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    chunks bigint NOT NULL CHECK (chunks >= 0),
    words bigint NOT NULL CHECK (words >= 0),
    languages text[] NOT NULL
);

-- Half precision: a vector then fits into its row, and what is found hardly changes.
CREATE TABLE chunk_vectors (
    document_id uuid NOT NULL,
    ordinal integer NOT NULL,
    tenant_id uuid NOT NULL,
    -- The model, and the dimensions: vectors of others cannot be compared.
    embedding text NOT NULL,
    vector halfvec NOT NULL,
    PRIMARY KEY (document_id, ordinal, embedding),
    FOREIGN KEY (document_id, ordinal) REFERENCES chunks (document_id, ordinal) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX chunk_vectors_of_tenants ON chunk_vectors (tenant_id, embedding);

-- What an answer was told, and what it names of that.
ALTER TABLE runs ADD COLUMN passages jsonb NOT NULL DEFAULT '[]';
ALTER TABLE messages ADD COLUMN citations jsonb NOT NULL DEFAULT '[]';

ALTER TABLE documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents FORCE ROW LEVEL SECURITY;
ALTER TABLE document_contents ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_contents FORCE ROW LEVEL SECURITY;
ALTER TABLE chunks ENABLE ROW LEVEL SECURITY;
ALTER TABLE chunks FORCE ROW LEVEL SECURITY;
ALTER TABLE postings ENABLE ROW LEVEL SECURITY;
ALTER TABLE postings FORCE ROW LEVEL SECURITY;
ALTER TABLE knowledge_totals ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge_totals FORCE ROW LEVEL SECURITY;
ALTER TABLE chunk_vectors ENABLE ROW LEVEL SECURITY;
ALTER TABLE chunk_vectors FORCE ROW LEVEL SECURITY;

CREATE POLICY own_tenant ON documents TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON document_contents TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON chunks TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON postings TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON knowledge_totals TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON chunk_vectors TO tintype_app USING (tenant_id = current_tenant());

-- Instances take documents of all tenants, and see how large the largest is.
CREATE POLICY every_tenant ON documents TO tintype_system USING (true);
CREATE POLICY every_tenant ON knowledge_totals TO tintype_system USING (true);

GRANT SELECT, INSERT, UPDATE, DELETE ON documents, document_contents, chunks, chunk_vectors TO tintype_app;
GRANT SELECT, INSERT, UPDATE ON knowledge_totals TO tintype_app;
GRANT SELECT, INSERT ON postings TO tintype_app;
GRANT SELECT, UPDATE ON documents TO tintype_system;
GRANT SELECT ON knowledge_totals TO tintype_system;
