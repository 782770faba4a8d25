import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { readFailure } from '../components/failure';

/** The cache of server state; `onSessionMissing` is called when a call is refused for want of a session. */
export function createQueryClient(onSessionMissing: () => void): QueryClient {
  const onError = (error: Error) => {
    if (readFailure(error).kind === 'session-missing') onSessionMissing();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // Without a network a call fails at once, and its error says what to do.
        networkMode: 'always',
        staleTime: 30_000,
        retry: (failures, error) => failures < 1 && isTransient(error),
        retryDelay: 400,
      },
      mutations: { networkMode: 'always' },
    },
  });
}

function isTransient(error: Error): boolean {
  const { kind } = readFailure(error);
  return kind === 'unreachable' || kind === 'server-failed';
}
