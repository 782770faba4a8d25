import { Link } from '@tanstack/react-router';
import { Button } from '../../components/button';
import { FailureNotice } from '../../components/failure-notice';
import { useChatSessions } from './use-chat-sessions';
import { useCreateSession } from './use-create-session';

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** The workspace's conversations, and the way to a new one. */
export function SessionList() {
  const list = useChatSessions();
  const create = useCreateSession();
  const sessions = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <nav aria-label="Conversations">
      <Button
        look="primary"
        className="w-full"
        busy={create.isPending}
        onClick={() => create.mutate({})}
      >
        {create.isPending ? 'Beginning…' : 'New conversation'}
      </Button>
      {create.error && (
        <FailureNotice title="It was not begun" error={create.error} className="mt-3" />
      )}
      {list.isPending && (
        <div role="status" aria-label="Loading conversations" className="mt-4 space-y-3">
          {['a', 'b', 'c', 'd'].map((key) => (
            <div key={key} className="developing h-10 bg-line" />
          ))}
        </div>
      )}
      {list.error && (
        <FailureNotice
          title="The conversations could not be read"
          error={list.error}
          onRetry={list.refetch}
          className="mt-3"
        />
      )}
      <ul className="mt-4 space-y-1">
        {sessions.map((session) => (
          <li key={session.id}>
            <Link
              to="/chat/$sessionId"
              params={{ sessionId: session.id }}
              className="flex min-h-11 items-center justify-between gap-3 rounded-[3px] px-3 py-2 hover:bg-sunk"
              activeProps={{ className: 'bg-sunk font-semibold', 'aria-current': 'page' }}
            >
              <span className="min-w-0 truncate">{session.title}</span>
              <time
                dateTime={session.updatedAt.toISOString()}
                className="shrink-0 text-sm text-muted"
              >
                {day.format(session.updatedAt)}
              </time>
            </Link>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button
          className="mt-3 w-full"
          busy={list.isFetchingNextPage}
          onClick={() => list.fetchNextPage()}
        >
          {list.isFetchingNextPage ? 'Loading…' : 'Load more'}
        </Button>
      )}
    </nav>
  );
}
