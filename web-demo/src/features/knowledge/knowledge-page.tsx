import { useRef } from 'react';
import { LiveStatus } from '../../components/live-status';
import { useDocumentTitle } from '../../components/use-document-title';
import { AddDocuments } from './add-documents';
import { DocumentList } from './document-list';
import { SearchPanel } from './search-panel';
import { useLiveDocuments } from './use-live-documents';

type KnowledgePageProps = {
  tenantName: string;
  /** The question that was looked for. */
  question: string | undefined;
  onSearch: (question: string | undefined) => void;
};

/** The documents of the workspace, live, and what is found in them. */
export function KnowledgePage({ tenantName, question, onSearch }: KnowledgePageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const live = useLiveDocuments();
  useDocumentTitle('Knowledge');
  return (
    <>
      <div className="mb-8 min-w-0">
        <p className="eyebrow wrap-anywhere">{tenantName}</p>
        <div className="mt-1 flex flex-wrap items-baseline gap-x-4 gap-y-1">
          <h1
            ref={heading}
            tabIndex={-1}
            className="font-display text-4xl tracking-tight outline-none"
          >
            Knowledge
          </h1>
          <LiveStatus state={live.state} onReconnect={live.reconnect} />
        </div>
        <p className="mt-2 max-w-2xl text-muted">
          What is said in these documents is found by a search, and answers in the chat are written
          from it and name it.
        </p>
      </div>
      <div className="space-y-10">
        <SearchPanel question={question} onSearch={onSearch} />
        <section aria-labelledby="documents">
          <h2 id="documents" className="mb-4 font-display text-2xl tracking-tight">
            Documents
          </h2>
          <AddDocuments />
          <DocumentList onDeleted={() => heading.current?.focus()} />
        </section>
      </div>
    </>
  );
}
