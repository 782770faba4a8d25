import type { Participant, Room, Track } from 'livekit-client';
import { AudioView, VideoView } from './track-view';

/** Everybody in the call, and what they share. */
export function CallStage({ room }: { room: Room }) {
  const people: Participant[] = [room.localParticipant, ...room.remoteParticipants.values()];
  const shared = people.flatMap((person) => {
    const track = trackOf(person, 'screen_share');
    return track ? [{ person, track }] : [];
  });
  return (
    <div>
      {shared.map(({ person, track }) => (
        <figure key={person.identity} className="plate mb-3 aspect-video overflow-hidden">
          <VideoView track={track} label={`Screen of ${nameOf(person)}`} isWhole />
        </figure>
      ))}
      <ul
        aria-label="In the call"
        className="grid grid-cols-2 gap-3 sm:grid-cols-[repeat(auto-fill,minmax(15rem,1fr))]"
      >
        {people.map((person) => (
          <li key={person.identity}>
            <Tile person={person} />
          </li>
        ))}
      </ul>
      {[...room.remoteParticipants.values()].flatMap((person) =>
        (['microphone', 'screen_share_audio'] as const).map((source) => {
          const track = trackOf(person, source);
          return track && <AudioView key={`${person.identity} ${source}`} track={track} />;
        }),
      )}
    </div>
  );
}

function Tile({ person }: { person: Participant }) {
  const camera = trackOf(person, 'camera');
  const name = nameOf(person);
  return (
    <figure
      className={`plate aspect-video overflow-hidden ${person.isSpeaking ? 'outline-2 outline-sepia' : ''}`}
    >
      {camera ? (
        <VideoView track={camera} label={`Camera of ${name}`} isMirrored={person.isLocal} />
      ) : (
        <div aria-hidden="true" className="grid size-full place-items-center">
          <span className="relative mb-6 grid size-10 place-items-center rounded-full border border-silver/40 font-display text-lg sm:mb-0 sm:size-16 sm:text-2xl">
            {name.charAt(0).toUpperCase()}
          </span>
        </div>
      )}
      <figcaption className="absolute inset-x-0 bottom-0 z-10 flex justify-between gap-3 bg-lacquer/80 px-3 py-1.5 text-sm text-silver">
        <span className="min-w-0 truncate">{person.isLocal ? 'You' : name}</span>
        {!person.isMicrophoneEnabled && <span className="shrink-0">muted</span>}
      </figcaption>
    </figure>
  );
}

/** The track of a source that is there and not paused; the names of sources are those of the media server. */
function trackOf(person: Participant, source: `${Track.Source}`): Track | undefined {
  for (const publication of person.trackPublications.values()) {
    if (publication.source === source && publication.track && !publication.isMuted) {
      return publication.track;
    }
  }
  return undefined;
}

function nameOf(person: Participant): string {
  return person.name || 'Somebody';
}
