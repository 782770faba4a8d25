import type { Track } from 'livekit-client';
import { useEffect, useRef } from 'react';

type VideoProps = { track: Track; label: string; isMirrored?: boolean; isWhole?: boolean };

/** A moving picture of the call. */
export function VideoView({ track, label, isMirrored = false, isWhole = false }: VideoProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    track.attach(element);
    return () => void track.detach(element);
  }, [track]);
  return (
    <video
      ref={video}
      aria-label={label}
      autoPlay
      muted
      playsInline
      className={`relative size-full ${isWhole ? 'object-contain' : 'object-cover'} ${isMirrored ? '-scale-x-100' : ''}`}
    />
  );
}

/** The sound of somebody else. */
export function AudioView({ track }: { track: Track }) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const element = audio.current;
    if (!element) return;
    track.attach(element);
    return () => void track.detach(element);
  }, [track]);
  // biome-ignore lint/a11y/useMediaCaption: nobody writes down what is said
  return <audio ref={audio} autoPlay />;
}
