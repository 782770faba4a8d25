import type { DisconnectReason } from 'livekit-client';
import type { Livekit } from './load-livekit';

/** Why a call is over for this device. */
export type CallEnd = 'left' | 'removed' | 'ended' | 'elsewhere' | 'lost';

/** Sorts what the media server says by what the person can do about it. */
export function callEnd(livekit: Livekit, reason: DisconnectReason | undefined): CallEnd {
  switch (reason) {
    case livekit.DisconnectReason.CLIENT_INITIATED:
      return 'left';
    case livekit.DisconnectReason.PARTICIPANT_REMOVED:
      return 'removed';
    case livekit.DisconnectReason.ROOM_DELETED:
    case livekit.DisconnectReason.ROOM_CLOSED:
      return 'ended';
    case livekit.DisconnectReason.DUPLICATE_IDENTITY:
      return 'elsewhere';
    default:
      return 'lost';
  }
}
