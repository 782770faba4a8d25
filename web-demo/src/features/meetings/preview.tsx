import { useEffect, useRef } from 'react';
import { Button } from '../../components/button';
import { Notice } from '../../components/notice';
import type { usePreview } from './use-preview';

type PreviewProps = {
  preview: ReturnType<typeof usePreview>;
  isJoining: boolean;
  onJoin: () => void;
};

/** What others will see, and the way in. */
export function Preview({ preview, isJoining, onJoin }: PreviewProps) {
  const video = useRef<HTMLVideoElement>(null);
  const { devices, stream, problem, isBusy } = preview;
  useEffect(() => {
    if (video.current) video.current.srcObject = stream ?? null;
  }, [stream]);
  return (
    <section aria-label="Preview" className="mat p-5">
      <div className="plate grid aspect-video w-full place-items-center overflow-hidden">
        <video
          ref={video}
          aria-label="Your camera"
          autoPlay
          muted
          playsInline
          hidden={!devices.camera}
          className="relative size-full -scale-x-100 object-cover"
        />
        {!devices.camera && <p className="relative px-6 text-center">Your camera is off</p>}
      </div>
      {problem !== undefined && (
        <Notice look="alarm" title="That did not work" className="mt-4">
          {problem}
        </Notice>
      )}
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <Button
          aria-pressed={devices.camera}
          busy={isBusy}
          onClick={() => void preview.toggleCamera()}
        >
          {devices.camera ? 'Camera is on' : 'Camera is off'}
        </Button>
        <Button
          aria-pressed={devices.microphone}
          busy={isBusy}
          onClick={() => void preview.toggleMicrophone()}
        >
          {devices.microphone ? 'Microphone is on' : 'Microphone is off'}
        </Button>
        <Button look="primary" className="sm:ml-auto" busy={isJoining} onClick={onJoin}>
          {isJoining ? 'Joining…' : 'Join the call'}
        </Button>
      </div>
    </section>
  );
}
