import type { MeetingId, MeetingRole, UserId } from '@tintype/bindings/api';
import { Button } from '../../components/button';
import { FailureNotice } from '../../components/failure-notice';
import type { Person } from './people';
import { useHosting } from './use-hosting';

type PeopleListProps = {
  meetingId: MeetingId;
  people: Person[];
  me: UserId;
  myRole: MeetingRole;
};

/** Who is in the call and as what; hosts promote and remove here. */
export function PeopleList({ meetingId, people, me, myRole }: PeopleListProps) {
  const hosting = useHosting(meetingId);
  return (
    <section aria-label="People" className="mat self-start p-5">
      <h2 className="font-display text-xl tracking-tight">People</h2>
      {hosting.error && (
        <FailureNotice title="That was not done" error={hosting.error} className="mt-3" />
      )}
      {people.length === 0 && <p className="mt-2 text-muted">Nobody is in the call.</p>}
      <ul className="mt-2 divide-y divide-line">
        {people.map(({ identity, userId, name, role }) => {
          const isMe = userId === me;
          const isBusy = hosting.busyWith === identity;
          return (
            <li key={identity} className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
              <p className="min-w-0 grow">
                <span className="font-semibold wrap-anywhere">{name}</span>{' '}
                <span className="text-sm text-muted">
                  {isMe && 'you, '}
                  {role}
                </span>
              </p>
              {myRole === 'host' && !isMe && (
                <div className="flex gap-1">
                  {role === 'guest' && (
                    <Button
                      aria-label={`Make ${name} a host`}
                      busy={isBusy}
                      onClick={() => hosting.promote(identity, name)}
                    >
                      Make host
                    </Button>
                  )}
                  <Button
                    look="plain"
                    aria-label={`Remove ${name} from the call`}
                    busy={isBusy}
                    onClick={() => hosting.remove(identity, name)}
                  >
                    Remove
                  </Button>
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
