import { getRouteApi, useRouter } from '@tanstack/react-router';
import { LoginPage } from '../features/auth/login-page';
import { safeNext } from '../features/auth/safe-next';

const route = getRouteApi('/entrance/login');

/** Signing in, and from there to the page that was asked for. */
export function LoginRoute() {
  const { next, reason } = route.useSearch();
  const router = useRouter();
  return (
    <LoginPage next={next} reason={reason} onSignedIn={() => router.history.push(safeNext(next))} />
  );
}
