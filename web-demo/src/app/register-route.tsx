import { getRouteApi, useRouter } from '@tanstack/react-router';
import { RegisterPage } from '../features/auth/register-page';
import { safeNext } from '../features/auth/safe-next';

const route = getRouteApi('/entrance/register');

/** Creating a workspace, and from there to the page that was asked for. */
export function RegisterRoute() {
  const { next } = route.useSearch();
  const router = useRouter();
  return <RegisterPage next={next} onSignedIn={() => router.history.push(safeNext(next))} />;
}
