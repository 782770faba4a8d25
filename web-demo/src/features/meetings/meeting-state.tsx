import type { Meeting } from '@tintype/bindings/api';

const time = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** Where the call of a meeting is, in some words. */
export function MeetingState({ meeting }: { meeting: Meeting }) {
  const { state, startedAt, endedAt, participants } = meeting;
  const people = new Set(participants.map(({ userId }) => userId)).size;
  return (
    <span className="inline-flex items-center gap-2 text-sm text-muted">
      <span
        aria-hidden="true"
        className={`size-2.5 shrink-0 rounded-full ${state === 'live' ? 'bg-verdigris' : 'bg-field'}`}
      />
      {state === 'planned' && 'No call yet'}
      {state === 'live' && startedAt && (
        <span>
          In a call since <time dateTime={startedAt.toISOString()}>{time.format(startedAt)}</time>,{' '}
          {people === 1 ? '1 person' : `${people} people`}
        </span>
      )}
      {state === 'over' && endedAt && (
        <span>
          Last call ended <time dateTime={endedAt.toISOString()}>{time.format(endedAt)}</time>
        </span>
      )}
    </span>
  );
}
