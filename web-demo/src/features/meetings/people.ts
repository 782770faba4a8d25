import type { Meeting, MeetingRole } from '@tintype/bindings/api';
import type { Room } from 'livekit-client';

/** Somebody in a call, on one device. */
export type Person = { identity: string; userId: string; name: string; role: MeetingRole };

/** Who is in the call: as the room says if this device is in it, and as the server says otherwise. */
export function peopleOf(meeting: Meeting, room: Room | undefined): Person[] {
  if (room === undefined) return meeting.participants;
  const known = new Map(meeting.participants.map((one) => [one.identity, one]));
  return [room.localParticipant, ...room.remoteParticipants.values()]
    .filter(({ identity }) => identity !== '')
    .map(({ identity, name, attributes }) => ({
      identity,
      // An identity is the user's id and a mark of the device.
      userId: identity.split('_')[0] ?? identity,
      name: name || known.get(identity)?.name || 'Somebody',
      role: attributes.role === 'host' ? ('host' as const) : ('guest' as const),
    }));
}
