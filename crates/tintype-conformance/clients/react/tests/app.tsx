import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCLink,
} from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import { EventSource } from 'eventsource';
import type { ReactNode } from 'react';
import { profile } from '../../current/tests/client.ts';
import type { ConformanceRouter } from './router.ts';

const { TRPCProvider, useTRPC } = createTRPCContext<ConformanceRouter>();

export { useTRPC };

/** An application that talks to a profile of the conformance server, with a cache of its own. */
export function appOf(link: TRPCLink<ConformanceRouter> = overHttp('trpc')) {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const trpcClient = createTRPCClient<ConformanceRouter>({ links: [link] });
  return function App({ children }: { children: ReactNode }) {
    return (
      <QueryClientProvider client={queryClient}>
        <TRPCProvider queryClient={queryClient} trpcClient={trpcClient}>
          {children}
        </TRPCProvider>
      </QueryClientProvider>
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
