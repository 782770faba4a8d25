import { hashKey, useQueryClient } from '@tanstack/react-query';
import type { DocumentEvent } from '@tintype/bindings/api';
import { useEffect, useRef } from 'react';
import { isNews } from './deleted-documents';
import { applyDocumentEvent } from './document-pages';
import { useDocumentListOptions } from './use-document-list';

/**
 * Remembers an event that comes while the list is being read, and applies it again afterwards:
 * the answer on its way may be older than the event, and would undo it.
 */
export function useMissedDocuments(): (event: DocumentEvent) => void {
  const queryClient = useQueryClient();
  const { queryKey } = useDocumentListOptions();
  const queryHash = hashKey(queryKey);
  const missed = useRef<DocumentEvent[]>([]);

  useEffect(() => {
    const queries = queryClient.getQueryCache();
    return queries.subscribe(({ query }) => {
      const isRead = query.queryHash === queryHash && query.state.fetchStatus === 'idle';
      if (!isRead || missed.current.length === 0) return;
      const events = missed.current.splice(0);
      queryClient.setQueryData(
        queryKey,
        (pages) =>
          pages &&
          events.filter((event) => isNews(queryClient, event)).reduce(applyDocumentEvent, pages),
      );
    });
  }, [queryClient, queryKey, queryHash]);

  return (event) => {
    const isReading = queryClient.isFetching({ queryKey }) > 0;
    // Whatever follows a remembered event has to be repeated after it.
    if (isReading || missed.current.length > 0) missed.current.push(event);
  };
}
