import { useInfiniteQuery } from '@tanstack/react-query';
import { useApi } from '../../components/api';

const PAGE_SIZE = 30;

/** The workspace's conversations, those with the latest change first, page by page. */
export function useChatSessions() {
  return useInfiniteQuery(
    useApi().chat.sessions.list.infiniteQueryOptions(
      { limit: PAGE_SIZE },
      {
        cursorField: 'cursor',
        getNextPageParam: (page) => page.nextCursor,
        // Others begin conversations too, and no stream tells of it.
        staleTime: 5_000,
      },
    ),
  );
}
