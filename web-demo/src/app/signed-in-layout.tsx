import { hashKey, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { useApi } from '../components/api';
import { Button } from '../components/button';
import { FailureNotice } from '../components/failure-notice';
import { ThemeToggle } from '../components/theme-toggle';
import { Wordmark } from '../components/wordmark';
import { useLogout } from '../features/auth/use-logout';
import { useSession } from '../features/auth/use-session';
import { useSessionChange } from './use-session-change';

const pages = [
  { to: '/widgets', name: 'Widgets' },
  { to: '/chat', name: 'Chat' },
  { to: '/knowledge', name: 'Knowledge' },
  { to: '/meetings', name: 'Meetings' },
  { to: '/costs', name: 'Costs' },
  { to: '/members', name: 'Members' },
  { to: '/account', name: 'Account' },
] as const;

function PageLinks() {
  return (
    <nav
      aria-label="Pages"
      className="order-last -ml-3 w-full sm:order-none sm:mr-auto sm:ml-0 sm:w-auto"
    >
      <ul className="flex flex-wrap gap-x-1">
        {pages.map(({ to, name }) => (
          <li key={to}>
            <Link
              to={to}
              className="inline-flex min-h-11 items-center rounded-[3px] px-3 font-medium text-muted hover:bg-sunk hover:text-ink"
              activeProps={{
                className: 'text-ink underline decoration-sepia decoration-2 underline-offset-8',
              }}
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The frame of every page for which one has to be signed in. */
export function SignedInLayout() {
  const { data: session } = useSession();
  const queryClient = useQueryClient();
  const me = useApi().auth.me.queryKey();
  const navigate = useNavigate();
  const logout = useLogout(async () => {
    queryClient.setQueryData(me, null);
    await navigate({ to: '/login', search: { reason: 'signed-out' } });
    // Nothing of the workspace stays behind for whoever signs in next.
    queryClient.removeQueries({ predicate: (query) => query.queryHash !== hashKey(me) });
  });

  const isSomebodyElse = useSessionChange(session);

  if (isSomebodyElse) return null;
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="sr-only z-50 bg-press px-4 py-3 text-press-ink focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <header className="border-b border-line bg-mat">
        <div className="mx-auto flex w-full max-w-6xl flex-wrap items-center gap-x-3 gap-y-2 px-4 sm:gap-x-5 py-3 sm:px-8">
          <Link
            to="/widgets"
            aria-label="tintype, to the widgets"
            className="mr-auto rounded-[3px] sm:mr-0"
          >
            <Wordmark />
          </Link>
          <PageLinks />
          {session && (
            <p className="hidden max-w-64 truncate text-sm text-muted sm:block">
              <span className="sr-only">Signed in as </span>
              {session.user.name ?? session.user.email}
            </p>
          )}
          <ThemeToggle />
          <Button look="plain" busy={logout.isPending} onClick={() => logout.mutate()}>
            {logout.isPending ? 'Signing out…' : 'Sign out'}
          </Button>
        </div>
      </header>
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full max-w-6xl flex-1 px-4 py-9 outline-none sm:px-8 sm:py-12"
      >
        {logout.error && (
          <FailureNotice
            title="You are still signed in"
            error={logout.error}
            onRetry={() => logout.mutate()}
            className="mb-6"
          />
        )}
        <Outlet />
      </main>
    </div>
  );
}
