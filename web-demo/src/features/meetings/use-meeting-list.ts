import { useInfiniteQuery } from '@tanstack/react-query';
import { useApi } from '../../components/api';

const PAGE_SIZE = 24;

/** The options under which the workspace's meetings are read and cached. */
export function useMeetingListOptions() {
  return useApi().meetings.list.infiniteQueryOptions(
    { limit: PAGE_SIZE },
    { cursorField: 'cursor', getNextPageParam: (page) => page.nextCursor },
  );
}

/** The workspace's meetings, newest first, page by page. */
export function useMeetingList() {
  return useInfiniteQuery(useMeetingListOptions());
}
