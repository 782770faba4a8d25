import type { OwnSession } from '@tintype/bindings/api';
import { useRef } from 'react';
import { Button } from '../../components/button';
import { FailureNotice } from '../../components/failure-notice';
import { Moment } from '../../components/moment';
import { describeDevice } from './describe-device';
import { useRevokeSession } from './use-revoke-session';
import { useSessions } from './use-sessions';

/** Where somebody is signed in, in each of its states. */
export function SessionsPanel() {
  const heading = useRef<HTMLHeadingElement>(null);
  const { data: sessions, error, refetch } = useSessions();
  return (
    <section aria-labelledby="sessions" className="mat p-6">
      <h2
        ref={heading}
        id="sessions"
        tabIndex={-1}
        className="font-display text-2xl tracking-tight outline-none"
      >
        Where you are signed in
      </h2>
      {error && (
        <FailureNotice
          title="Your sessions could not be read"
          error={error}
          onRetry={refetch}
          className="mt-4"
        />
      )}
      {sessions === undefined && !error && (
        <div role="status" aria-label="Loading sessions" className="mt-5 space-y-4">
          {['a', 'b'].map((key) => (
            <div key={key} className="developing h-11 bg-line" />
          ))}
        </div>
      )}
      {sessions !== undefined && (
        <ul aria-label="Sessions" className="mt-3 divide-y divide-line">
          {sessions.map((session) => (
            <li key={session.id}>
              <SessionRow session={session} onRevoked={() => heading.current?.focus()} />
            </li>
          ))}
        </ul>
      )}
      {sessions?.length === 1 && (
        <p className="mt-3 border-t border-line pt-4 text-muted">You are signed in nowhere else.</p>
      )}
    </section>
  );
}

function SessionRow({ session, onRevoked }: { session: OwnSession; onRevoked: () => void }) {
  const revoke = useRevokeSession();
  const device = describeDevice(session.device);
  return (
    <div className="py-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <p className="font-semibold">
            {device}
            {session.current && <span className="font-normal text-muted"> (this one)</span>}
          </p>
          <p className="text-sm text-muted">
            Last used <Moment at={session.lastUsedAt} />, signed in{' '}
            <Moment at={session.createdAt} />
          </p>
        </div>
        {!session.current && (
          <Button
            look="plain"
            busy={revoke.isPending}
            onClick={() => revoke.mutate({ id: session.id }, { onSuccess: onRevoked })}
          >
            {revoke.isPending ? 'Signing out…' : 'Sign out there'}
            <span className="sr-only"> ({device})</span>
          </Button>
        )}
      </div>
      {revoke.error && revoke.error.error?.kind !== 'SESSION_NOT_FOUND' && (
        <FailureNotice title="That session goes on" error={revoke.error} className="mt-3" />
      )}
    </div>
  );
}
