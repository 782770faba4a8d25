import { Link } from '@tanstack/react-router';
import type { Document } from '@tintype/bindings/api';
import { DeleteDocumentDialog } from './delete-document-dialog';
import { DocumentStatus, formatNames } from './document-status';
import { formatBytes } from './format-bytes';

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

type DocumentRowProps = {
  document: Document;
  onDeleted: () => void;
};

/** A document in the list. */
export function DocumentRow({ document, onDeleted }: DocumentRowProps) {
  return (
    <article aria-label={document.title} className="mat px-5 py-4">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-40">
          <h3 className="font-semibold wrap-anywhere">
            <Link
              to="/knowledge/$documentId"
              params={{ documentId: document.id }}
              className="hover:underline"
            >
              {document.title}
            </Link>
          </h3>
          <p className="mt-0.5 text-sm text-muted wrap-anywhere">
            {formatNames[document.format]} · {formatBytes(document.sizeBytes)} · added by{' '}
            {document.addedBy ?? 'somebody who is gone'} on{' '}
            <time dateTime={document.createdAt.toISOString()}>
              {day.format(document.createdAt)}
            </time>
          </p>
        </div>
        <DeleteDocumentDialog document={document} onDeleted={onDeleted} />
      </div>
      <DocumentStatus document={document} />
    </article>
  );
}
