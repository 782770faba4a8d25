import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { Fetch } from '@tintype/client';
import { createTanstackQuery } from '@tintype/client/react';
import type { ReactNode } from 'react';
import { clientOf } from './server.ts';

const contract = { invalidates: { 'counter.increment': ['counter.get'] } };

/** An application that talks to a profile of the conformance server, with a cache of its own. */
export function appOf(profile?: string, send?: Fetch) {
  const { client, requests } = clientOf(profile, send);
  const queryClient = new QueryClient();
  function App({ children }: { children: ReactNode }) {
    return <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>;
  }
  return { api: createTanstackQuery(client, { contract }), App, queryClient, requests };
}
