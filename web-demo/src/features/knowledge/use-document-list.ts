import { useInfiniteQuery } from '@tanstack/react-query';
import { useApi } from '../../components/api';

const PAGE_SIZE = 20;

/** The options under which the workspace's documents are read and cached. */
export function useDocumentListOptions() {
  return useApi().knowledge.documents.list.infiniteQueryOptions(
    { limit: PAGE_SIZE },
    { cursorField: 'cursor', getNextPageParam: (page) => page.nextCursor },
  );
}

/** The workspace's documents, newest first, page by page. */
export function useDocumentList() {
  return useInfiniteQuery(useDocumentListOptions());
}
