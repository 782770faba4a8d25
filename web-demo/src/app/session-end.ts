import type { QueryClient } from '@tanstack/react-query';
import type { AnyRouter } from '@tanstack/react-router';
import type { Api } from '@tintype/bindings/api';
import type { TanstackQuery } from '@tintype/client/react';

type Application = {
  queryClient: QueryClient;
  api: TanstackQuery<Api>;
  router: AnyRouter;
};

/** Pages for which nobody has to be signed in. */
const entrances: readonly string[] = ['/login', '/register', '/join'];

/** Leads to the form for signing in when a session turns out to be over, and from there back. */
export function endSession({ queryClient, api, router }: Application) {
  const { location } = router.state;
  if (entrances.includes(location.pathname)) return;
  // Somebody who signs out here is led there anyway, with other words.
  if (queryClient.isMutating({ mutationKey: api.auth.logout.mutationKey() }) > 0) return;
  queryClient.setQueryData(api.auth.me.queryKey(), null);
  void router.navigate({ to: '/login', search: { reason: 'ended', next: location.href } });
}
