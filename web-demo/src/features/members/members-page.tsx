import { useRef } from 'react';
import { Button } from '../../components/button';
import { type LiveState, LiveStatus } from '../../components/live-status';
import { useDocumentTitle } from '../../components/use-document-title';
import { InvitationList } from './invitation-list';
import { InviteDialog } from './invite-dialog';
import { MemberList } from './member-list';

type MembersPageProps = {
  tenantName: string;
  userId: string;
  isOwner: boolean;
  live: { state: LiveState; reconnect: () => void };
};

/** Who belongs to the workspace, and for owners the way to change that. */
export function MembersPage({ tenantName, userId, isOwner, live }: MembersPageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useDocumentTitle('Members');
  return (
    <>
      <div className="mb-8 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <p className="eyebrow wrap-anywhere">{tenantName}</p>
          <div className="mt-1 flex flex-wrap items-baseline gap-x-4 gap-y-1">
            <h1
              ref={heading}
              tabIndex={-1}
              className="font-display text-4xl tracking-tight outline-none"
            >
              Members
            </h1>
            <LiveStatus state={live.state} onReconnect={live.reconnect} />
          </div>
        </div>
        {isOwner && (
          <InviteDialog>
            <Button look="primary">Invite somebody</Button>
          </InviteDialog>
        )}
      </div>
      <div className="space-y-8">
        <MemberList userId={userId} isOwner={isOwner} onRemoved={() => heading.current?.focus()} />
        {isOwner && <InvitationList onRevoked={() => heading.current?.focus()} />}
      </div>
    </>
  );
}
