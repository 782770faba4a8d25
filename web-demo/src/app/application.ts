import { createRouter } from '@tanstack/react-router';
import type { AppRouter } from '@tintype/bindings';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { PageFailure } from './page-failure';
import { PagePending } from './page-pending';
import { createQueryClient } from './query-client';
import { routeTree } from './routes';
import { endSession } from './session-end';
import { trpcClient } from './trpc-client';

/** The cache of server state. */
export const queryClient = createQueryClient(() => endSession({ queryClient, trpc, router }));

/** The procedures as options of queries, for what runs outside of components. */
export const trpc = createTRPCOptionsProxy<AppRouter>({ client: trpcClient, queryClient });

/** The pages. */
export const router = createRouter({
  routeTree,
  context: { queryClient, trpc },
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
