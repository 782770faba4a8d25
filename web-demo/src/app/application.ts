import { createRouter } from '@tanstack/react-router';
import { type Api, contract, rich } from '@tintype/bindings/api';
import {
  createClient,
  fetchWithContract,
  http,
  onAuthLost,
  postLongQueries,
} from '@tintype/client';
import { createTanstackQuery } from '@tintype/client/react';
import { fetchWithProgress, uploads } from '@tintype/client/upload';
import { readFailure } from '../components/failure';
import { markOutdated } from './outdated';
import { PageFailure } from './page-failure';
import { PagePending } from './page-pending';
import { createQueryClient } from './query-client';
import { routeTree } from './routes';
import { endSession } from './session-end';

/** The cache of server state. */
export const queryClient = createQueryClient();

const transport = onAuthLost(uploads(http), (error) => {
  if (readFailure(error).kind === 'session-missing') endSession({ queryClient, api, router });
});

const client = createClient<Api>(transport, {
  url: '/trpc',
  contract,
  rich,
  fetch: fetchWithContract(contract, markOutdated, postLongQueries(fetchWithProgress())),
});

/** The procedures as options of queries, mutations and subscriptions. */
export const api = createTanstackQuery(client, { contract, rich });

/** The pages. */
export const router = createRouter({
  routeTree,
  context: { queryClient, api },
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  defaultPendingComponent: PagePending,
  defaultErrorComponent: PageFailure,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
  interface HistoryState {
    /** Prefills the form for signing in. */
    email?: string;
  }
}
