import { QueryClient } from '@tanstack/react-query';

/** The cache of server state. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Without a network a call fails soon, and its error says what to do.
      queries: { networkMode: 'always', staleTime: 30_000 },
      mutations: { networkMode: 'always' },
    },
  });
}
