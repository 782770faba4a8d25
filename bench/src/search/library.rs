use std::{collections::HashMap, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use api_contract::{
    AppState, Settings,
    ai::Ai,
    auth::{Register, register},
    knowledge::{Indexing, KnowledgeLimits},
    providers::{Embedder, EmbeddingRequest, Reranker},
    router,
};
use db::{
    Database, DocumentId, TenantDb, UserId,
    knowledge::{
        EmbeddingTag,
        documents::{self, DocumentState, NewDocument},
    },
};
use sha2::{Digest, Sha256};
use tintype::{Caller, Context as CallContext, Cookies, FromContext, Topics};
use tokio::{task::JoinHandle, time::sleep};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::CorpusDocument;

/// A workspace that knows the corpus, as the product reads and finds it.
pub struct Library {
    /// Who asks.
    pub(super) caller: Caller<AppState>,
    /// The workspace.
    pub(super) db: TenantDb,
    /// Whose documents they are.
    pub(super) reader: UserId,
    /// Who embeds, and with which model.
    pub(super) embedding: Option<(Arc<dyn Embedder>, EmbeddingTag)>,
    /// What searches may take.
    pub limits: KnowledgeLimits,
    /// The documents, by their ids.
    pub(super) documents: HashMap<DocumentId, CorpusDocument>,
    /// Until it is dropped, documents are read.
    reads: Option<DropGuard>,
    reading: JoinHandle<()>,
}

/// The name of the session's cookie.
const COOKIE: &str = "__Host-tintype";

impl Library {
    /// A new workspace that knows `documents`, and has read them.
    ///
    /// # Errors
    ///
    /// If a document is not read, or the database fails.
    pub async fn open(
        database: Database,
        documents: Vec<CorpusDocument>,
        embedding: Option<(Arc<dyn Embedder>, EmbeddingTag)>,
        reranker: Option<(Arc<dyn Reranker>, String)>,
    ) -> anyhow::Result<Self> {
        let mut ai = Ai::without_model();
        ai.knowledge.reranker = reranker;
        if let Some((embedder, tag)) = &embedding {
            (ai.providers.embedder, ai.models.embedding) = (Some(Arc::clone(embedder)), Some(tag.clone()));
        }
        let limits = ai.knowledge.limits.clone();
        let state = AppState::new(database.clone(), Topics::in_process(), ai, None, Settings::default());
        let caller = router().caller(CallContext::builder(state.clone()).build());
        let account = Register {
            email: format!("{}@example.com", uuid::Uuid::new_v4()),
            password: "correct horse battery staple".to_owned(),
            tenant_name: "Library".to_owned(),
            name: None,
        };
        let account = caller.call::<register>(account).await.map_err(anyhow::Error::msg)?;
        let token = Cookies::from_context(caller.context()).await?.get(COOKIE).context("nobody is signed in")?;
        let context = CallContext::builder(state.clone()).header("cookie", &format!("{COOKIE}={token}"));
        let caller = router().caller(context.build());
        let (db, reader) = (database.tenant(account.tenant.id), account.user.id);

        let shutdown = CancellationToken::new();
        let reading = tokio::spawn(Indexing::work(state, shutdown.clone()));
        let mut library = Self {
            caller,
            db,
            reader,
            embedding,
            limits,
            documents: HashMap::new(),
            reads: Some(shutdown.drop_guard()),
            reading,
        };
        for document in documents {
            library.add(document).await?;
        }
        library.wait().await?;
        Ok(library)
    }

    /// Reads no more documents.
    pub(super) async fn stop_reading(&mut self) -> anyhow::Result<()> {
        drop(self.reads.take());
        Ok((&mut self.reading).await?)
    }

    async fn add(&mut self, document: CorpusDocument) -> anyhow::Result<()> {
        let bytes = document.markdown.clone().into_bytes();
        let new = NewDocument {
            title: document.title.clone(),
            format: "markdown".to_owned(),
            content_hash: Sha256::digest(&bytes).into(),
            bytes,
            added_by: self.reader,
        };
        let mut tx = self.db.begin().await?;
        let added = documents::add(&mut tx, new).await?;
        tx.commit().await?;
        let documents::Added::New(added) = added else { bail!("{} is there twice", document.path) };
        self.documents.insert(added.id, document);
        Ok(())
    }

    /// Waits until every document is read, and has its vectors.
    async fn wait(&self) -> anyhow::Result<()> {
        let most = u32::try_from(self.documents.len())?;
        loop {
            let page = documents::newest_first(&self.db, None, most).await?;
            if let Some(stopped) = page.items.iter().find(|document| document.reason.is_some()) {
                let path = &self.documents.get(&stopped.id).context("a document of another corpus")?.path;
                bail!("{path} cannot be found: {}", stopped.reason.as_deref().unwrap_or_default());
            }
            if page.items.iter().all(|document| document.state == DocumentState::Indexed) {
                return Ok(());
            }
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// The text of a document, as it was read.
    pub(super) async fn text(&self, id: DocumentId) -> anyhow::Result<String> {
        let found = documents::with_text(&self.db, id, 0, u32::MAX).await?;
        Ok(found.context("a document that is not there any more")?.1)
    }

    /// The vectors of texts.
    pub(super) async fn embed(&self, texts: Vec<String>) -> anyhow::Result<Vec<Vec<f32>>> {
        let Some((embedder, tag)) = &self.embedding else { bail!("no model embeds texts") };
        let request = EmbeddingRequest { model: tag.model().to_owned(), dimensions: tag.dimensions(), texts };
        Ok(embedder.embed(request).await?.vectors)
    }
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Library").field("documents", &self.documents.len()).finish_non_exhaustive()
    }
}
