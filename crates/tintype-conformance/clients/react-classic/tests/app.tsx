import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { httpBatchLink, httpSubscriptionLink, splitLink, type TRPCLink } from '@trpc/client';
import { createTRPCReact } from '@trpc/react-query';
import { EventSource } from 'eventsource';
import type { ReactNode } from 'react';
import { profile } from '../../current/tests/client.ts';
import type { ConformanceRouter } from '../../react/tests/router.ts';

export const trpc = createTRPCReact<ConformanceRouter>();

/** An application that talks to a profile of the conformance server, with a cache of its own. */
export function appOf(link: TRPCLink<ConformanceRouter> = overHttp('trpc')) {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const client = trpc.createClient({ links: [link] });
  return function App({ children }: { children: ReactNode }) {
    return (
      <trpc.Provider client={client} queryClient={queryClient}>
        <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
      </trpc.Provider>
    );
  };
}

/** Requests in batches, and subscriptions as event streams. */
export function overHttp(name: string): TRPCLink<ConformanceRouter> {
  const url = profile(name);
  return splitLink({
    condition: (operation) => operation.type === 'subscription',
    true: httpSubscriptionLink({ url, EventSource }),
    false: httpBatchLink({ url }),
  });
}
