import { useParams, useSearch } from '@tanstack/react-router';
import type { DocumentId } from '@tintype/bindings/api';
import { useMemo } from 'react';
import { useSession } from '../features/auth/use-session';
import { DocumentPage } from '../features/knowledge/document-page';

/** The document that the address names, at the place that it names. */
export function DocumentRoute() {
  const { data: session } = useSession();
  const { documentId } = useParams({ from: '/signed-in/knowledge/$documentId' });
  const { start, end } = useSearch({ from: '/signed-in/knowledge/$documentId' });
  const place = useMemo(
    () => (start === undefined || end === undefined ? undefined : { start, end }),
    [start, end],
  );
  if (!session) return null;
  // Another place is another page, which loads what is around it.
  return (
    <DocumentPage
      key={`${documentId}-${start}-${end}`}
      id={documentId as DocumentId}
      place={place}
    />
  );
}
