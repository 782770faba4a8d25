import { Link, useNavigate } from '@tanstack/react-router';
import type { DocumentId } from '@tintype/bindings/api';
import { useState } from 'react';
import { FailureNotice } from '../../components/failure-notice';
import { LiveStatus } from '../../components/live-status';
import { Notice } from '../../components/notice';
import { useDocumentTitle } from '../../components/use-document-title';
import { DeleteDocumentDialog } from './delete-document-dialog';
import { DocumentStatus, formatNames } from './document-status';
import { DocumentText } from './document-text';
import { formatBytes } from './format-bytes';
import { type Place, rangeAround, withMoreAfter, withMoreBefore } from './place';
import { useLiveDocuments } from './use-live-documents';
import { useOpenedDocument } from './use-opened-document';

type DocumentPageProps = {
  id: DocumentId;
  place: Place | undefined;
};

/** A document, opened at a place of its text. */
export function DocumentPage({ id, place }: DocumentPageProps) {
  const live = useLiveDocuments();
  const navigate = useNavigate();
  const [range, setRange] = useState(() => rangeAround(place));
  const { data, error, isPending, isPlaceholderData, refetch } = useOpenedDocument(id, range);
  useDocumentTitle(data?.document.title ?? 'Document');
  const back = (
    <Link to="/knowledge" className="link">
      All documents
    </Link>
  );

  if (error?.error?.kind === 'DOCUMENT_NOT_FOUND') {
    return (
      <Notice title="There is no such document" actions={back}>
        It was deleted, or it belongs to another workspace.
      </Notice>
    );
  }
  return (
    <>
      <p className="mb-4 text-sm">{back}</p>
      {error && (
        <FailureNotice
          title="The document could not be read"
          error={error}
          onRetry={() => void refetch()}
          className="mb-6"
        />
      )}
      {isPending && (
        <div role="status" aria-label="Loading the document" className="space-y-4">
          <div className="developing h-10 w-1/2 bg-line" />
          <div className="developing h-64 bg-line" />
        </div>
      )}
      {data && (
        <article aria-labelledby="document-title">
          <div className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
            <div className="min-w-0">
              <h1
                id="document-title"
                className="font-display text-3xl tracking-tight wrap-anywhere sm:text-4xl"
              >
                {data.document.title}
              </h1>
              <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted">
                <p>
                  {formatNames[data.document.format]} · {formatBytes(data.document.sizeBytes)}
                </p>
                <LiveStatus state={live.state} onReconnect={live.reconnect} />
              </div>
              <DocumentStatus document={data.document} />
            </div>
            <DeleteDocumentDialog
              document={data.document}
              onDeleted={() => void navigate({ to: '/knowledge', replace: true })}
            />
          </div>
          <DocumentText
            opened={data}
            place={place}
            isLoading={isPlaceholderData}
            onBefore={() => setRange(withMoreBefore)}
            onAfter={() => setRange(withMoreAfter)}
          />
        </article>
      )}
    </>
  );
}
