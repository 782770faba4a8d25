import { useInfiniteQuery } from '@tanstack/react-query';
import { useApi } from '../../components/api';

const PAGE_SIZE = 24;

/** The options under which the workspace's widgets are read and cached. */
export function useWidgetListOptions() {
  return useApi().widgets.list.infiniteQueryOptions(
    { limit: PAGE_SIZE },
    { cursorField: 'cursor', getNextPageParam: (page) => page.nextCursor },
  );
}

/** The workspace's widgets, newest first, page by page. */
export function useWidgetList() {
  return useInfiniteQuery(useWidgetListOptions());
}
