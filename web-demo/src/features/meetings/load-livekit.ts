/** The client of the media server, which is loaded by who joins a call and by nobody else. */
export function loadLivekit() {
  return import('livekit-client');
}

export type Livekit = Awaited<ReturnType<typeof loadLivekit>>;
