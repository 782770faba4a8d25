import type { QueryClient } from '@tanstack/react-query';
import type { AnyRouter } from '@tanstack/react-router';
import type { AppRouter } from '@tintype/bindings';
import type { TRPCOptionsProxy } from '@trpc/tanstack-react-query';

type Application = {
  queryClient: QueryClient;
  trpc: TRPCOptionsProxy<AppRouter>;
  router: AnyRouter;
};

/** Leads to the form for signing in when a session turns out to be over, and from there back. */
export function endSession({ queryClient, trpc, router }: Application) {
  const { location } = router.state;
  if (location.pathname === '/login' || location.pathname === '/register') return;
  // Somebody who signs out here is led there anyway, with other words.
  if (queryClient.isMutating({ mutationKey: trpc.auth.logout.mutationKey() }) > 0) return;
  queryClient.setQueryData(trpc.auth.me.queryKey(), null);
  void router.navigate({ to: '/login', search: { reason: 'ended', next: location.href } });
}

/** Asks whether the session is still there, and ends it here if not. */
export async function checkSession(application: Application) {
  const me = application.trpc.auth.me.queryOptions();
  try {
    const session = await application.queryClient.fetchQuery({ ...me, staleTime: 0 });
    if (session === null) endSession(application);
  } catch {
    // Nobody answers: the session may be as good as ever.
  }
}
