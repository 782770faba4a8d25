import type { Invitation } from '@tintype/bindings/api';
import { Button } from '../../components/button';
import { FailureNotice } from '../../components/failure-notice';
import { Moment } from '../../components/moment';
import { roles } from './role';
import { useInvitations } from './use-invitations';
import { useRevokeInvitation } from './use-revoke-invitation';

/** The open invitations in each of their states. */
export function InvitationList({ onRevoked }: { onRevoked: () => void }) {
  const { data: invitations, error, refetch } = useInvitations();
  return (
    <section aria-labelledby="invitations" className="mat p-6">
      <h2 id="invitations" className="font-display text-2xl tracking-tight">
        Open invitations
      </h2>
      {error && (
        <FailureNotice
          title="The invitations could not be read"
          error={error}
          onRetry={refetch}
          className="mt-4"
        />
      )}
      {invitations === undefined && !error && (
        <div
          role="status"
          aria-label="Loading invitations"
          className="developing mt-5 h-11 bg-line"
        />
      )}
      {invitations?.length === 0 && <p className="mt-3 text-muted">Nobody is invited.</p>}
      {invitations !== undefined && invitations.length > 0 && (
        <>
          <ul aria-label="Open invitations" className="mt-3 divide-y divide-line">
            {invitations.map((invitation) => (
              <li key={invitation.id}>
                <InvitationRow invitation={invitation} onRevoked={onRevoked} />
              </li>
            ))}
          </ul>
          <p className="mt-3 border-t border-line pt-4 text-sm text-muted">
            A link is shown once. To get another, invite the address again: the first link then
            leads nowhere.
          </p>
        </>
      )}
    </section>
  );
}

type InvitationRowProps = {
  invitation: Invitation;
  onRevoked: () => void;
};

function InvitationRow({ invitation, onRevoked }: InvitationRowProps) {
  const revoke = useRevokeInvitation();
  return (
    <div className="py-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <p className="font-semibold wrap-anywhere">{invitation.email}</p>
          <p className="text-sm text-muted">
            {roles[invitation.role].name}, until <Moment at={invitation.expiresAt} />
          </p>
        </div>
        <Button
          look="plain"
          busy={revoke.isPending}
          onClick={() => revoke.mutate({ id: invitation.id }, { onSuccess: onRevoked })}
        >
          {revoke.isPending ? 'Revoking…' : 'Revoke'}
          <span className="sr-only"> the invitation of {invitation.email}</span>
        </Button>
      </div>
      {revoke.error && (
        <FailureNotice
          title="The invitation was not revoked"
          error={revoke.error}
          className="mt-3"
        />
      )}
    </div>
  );
}
