import { Button } from '../../components/button';
import { FailureNotice } from '../../components/failure-notice';
import { Notice } from '../../components/notice';
import { CallControls } from './call-controls';
import type { CallEnd } from './call-end';
import { CallStage } from './call-stage';
import { Preview } from './preview';
import type { Call, CallPhase } from './use-call';
import { usePreview } from './use-preview';

const phases: Record<CallPhase, string> = {
  out: 'You are not in the call',
  admitting: 'Asking for a place…',
  connecting: 'Connecting…',
  signalled: 'Connected, opening picture and sound…',
  in: 'You are in the call',
  reconnecting: 'The connection is gone, trying again…',
};

const ends: Record<Exclude<CallEnd, 'left'>, { title: string; text: string }> = {
  removed: {
    title: 'A host removed you from the call',
    text: 'You can join the next call of this meeting.',
  },
  ended: { title: 'The call is over', text: 'Join to begin another one.' },
  elsewhere: {
    title: 'You are in the call somewhere else',
    text: 'The same device has joined again in another window.',
  },
  lost: {
    title: 'The call could not be reached',
    text: 'The connection to the media server was lost, or could not be made. Check the connection, then join again.',
  },
};

/** The way into the call of a meeting, and the call. */
export function CallPanel({ call }: { call: Call }) {
  const preview = usePreview();
  const { phase, room, end, refusal } = call;
  const join = (enter: Call['join']) => {
    preview.stop();
    void enter(preview.devices);
  };
  return (
    <section aria-label="Call of the meeting">
      <p role="status" aria-label="Call" className="mb-3 text-sm text-muted">
        {phases[phase]}
      </p>
      {refusal && phase === 'out' && (
        <FailureNotice title="You cannot join" error={refusal} className="mb-4" />
      )}
      {end !== undefined && end !== 'left' && (
        <Notice
          look={end === 'lost' ? 'alarm' : 'plain'}
          title={ends[end].title}
          actions={
            (end === 'lost' || end === 'elsewhere') && (
              <Button onClick={() => join(call.joinAgain)}>Join again</Button>
            )
          }
          className="mb-4"
        >
          {ends[end].text}
        </Notice>
      )}
      {room === undefined ? (
        <Preview
          preview={preview}
          isJoining={phase === 'admitting'}
          onJoin={() => join(call.join)}
        />
      ) : (
        <>
          <CallStage room={room} />
          <CallControls call={call} />
        </>
      )}
    </section>
  );
}
