import { getRouteApi, useRouter } from '@tanstack/react-router';
import { JoinPage } from '../features/auth/join-page';

const route = getRouteApi('/join');

/** Accepting an invitation, and from there to the widgets. */
export function JoinRoute() {
  const { token } = route.useSearch();
  const router = useRouter();
  return (
    <JoinPage
      token={token}
      // The address with the token does not stay behind in the history.
      onSignedIn={() => router.navigate({ to: '/widgets', replace: true })}
    />
  );
}
