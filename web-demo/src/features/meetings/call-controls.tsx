import { Button } from '../../components/button';
import { Notice } from '../../components/notice';
import type { Call } from './use-call';

/** What a person does in a call. */
export function CallControls({ call }: { call: Call }) {
  const { room, phase, problem } = call;
  if (room === undefined) return null;
  const me = room.localParticipant;
  const isReady = phase === 'in' || phase === 'reconnecting';
  const mayShare = me.attributes.role === 'host';
  const canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  return (
    <>
      {problem !== undefined && (
        <Notice look="alarm" title="That did not work" className="mt-4">
          {problem}
        </Notice>
      )}
      {!room.canPlaybackAudio && (
        <Notice
          title="You cannot hear the others yet"
          actions={<Button onClick={() => void room.startAudio()}>Turn the sound on</Button>}
          className="mt-4"
        >
          The browser waits for a press before it plays sound.
        </Notice>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a set of fields would be a form */}
      <div
        role="group"
        aria-label="Call"
        className="sticky bottom-0 z-10 -mx-1 mt-2 flex flex-wrap items-center gap-3 bg-paper/90 px-1 pt-2 pb-[calc(0.75rem+var(--foot,0px))]"
      >
        <Button
          aria-pressed={me.isCameraEnabled}
          disabled={!isReady}
          onClick={() => void call.toggleCamera()}
        >
          {me.isCameraEnabled ? 'Camera is on' : 'Camera is off'}
        </Button>
        <Button
          aria-pressed={me.isMicrophoneEnabled}
          disabled={!isReady}
          onClick={() => void call.toggleMicrophone()}
        >
          {me.isMicrophoneEnabled ? 'Microphone is on' : 'Microphone is off'}
        </Button>
        {mayShare && canShare && (
          <Button
            aria-pressed={me.isScreenShareEnabled}
            disabled={!isReady}
            onClick={() => void call.toggleScreen()}
          >
            {me.isScreenShareEnabled ? 'Stop sharing' : 'Share your screen'}
          </Button>
        )}
        <Button look="alarm" className="sm:ml-auto" onClick={() => void call.leave()}>
          Leave
        </Button>
      </div>
      {!mayShare && (
        <p className="mt-3 text-sm text-muted">
          Hosts can share their screens: ask one to make you one.
        </p>
      )}
    </>
  );
}
