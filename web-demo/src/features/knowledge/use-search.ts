import { skipToken, useQuery } from '@tanstack/react-query';
import { useApi } from '../../components/api';

const MOST_HITS = 10;

/** What is found for a question; nothing is looked for without one. */
export function useSearch(question: string | undefined) {
  return useQuery(
    useApi().knowledge.search.queryOptions(
      question === undefined ? skipToken : { query: question, limit: MOST_HITS },
      // An answer can cost money, so it is asked for by people only.
      { staleTime: Number.POSITIVE_INFINITY, refetchOnReconnect: false },
    ),
  );
}
