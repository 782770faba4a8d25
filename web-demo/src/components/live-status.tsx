import { Button } from './button';

/** How a page hears of changes: `live`, on the way there, or not at all. */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'paused' | 'off';

const looks: Record<LiveState, { text: string; dot: string }> = {
  connecting: { text: 'Connecting…', dot: 'bg-field' },
  live: { text: 'Live', dot: 'bg-verdigris' },
  reconnecting: { text: 'Reconnecting…', dot: 'bg-sepia' },
  paused: { text: 'Paused', dot: 'bg-field' },
  off: { text: 'Not live', dot: 'bg-alarm' },
};

/** Whether changes of others arrive. */
export function LiveStatus({ state, onReconnect }: { state: LiveState; onReconnect: () => void }) {
  return (
    <div className="flex items-center gap-2 text-sm">
      <p role="status" aria-label="Connection" className="flex items-center gap-2 text-muted">
        <span aria-hidden="true" className={`size-2.5 rounded-full ${looks[state].dot}`} />
        {looks[state].text}
      </p>
      {state === 'off' && <Button onClick={onReconnect}>Reconnect</Button>}
    </div>
  );
}
