import { FailureNotice } from '../../components/failure-notice';
import { MemberRow } from './member-row';
import { useMembers } from './use-members';

type MemberListProps = {
  userId: string;
  isOwner: boolean;
  onRemoved: () => void;
};

/** The members in each of their states. */
export function MemberList({ userId, isOwner, onRemoved }: MemberListProps) {
  const { data: members, error, refetch } = useMembers();
  return (
    <section aria-labelledby="members" className="mat p-6">
      <h2 id="members" className="font-display text-2xl tracking-tight">
        Who belongs here
      </h2>
      {error && (
        <FailureNotice
          title="The members could not be read"
          error={error}
          onRetry={refetch}
          className="mt-4"
        />
      )}
      {members === undefined && !error && (
        <div role="status" aria-label="Loading members" className="mt-5 space-y-4">
          {['a', 'b', 'c'].map((key) => (
            <div key={key} className="developing h-11 bg-line" />
          ))}
        </div>
      )}
      {members !== undefined && (
        <ul aria-label="Members" className="mt-3 divide-y divide-line">
          {members.map((member) => (
            <li key={member.id}>
              <MemberRow
                member={member}
                isSelf={member.id === userId}
                isOwner={isOwner}
                onRemoved={onRemoved}
              />
            </li>
          ))}
        </ul>
      )}
      {members?.length === 1 && (
        <p className="mt-3 border-t border-line pt-4 text-muted">
          {isOwner
            ? 'You are alone here. Invite somebody, and what one of you changes the other sees at once.'
            : 'You are alone here.'}
        </p>
      )}
      {!isOwner && (
        <p className="mt-3 border-t border-line pt-4 text-sm text-muted">
          Owners of the workspace invite and remove members.
        </p>
      )}
    </section>
  );
}
