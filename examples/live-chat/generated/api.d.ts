// Generated from the Rust contract by `cargo run`: do not edit.

import type {
  Contract,
  Mutation,
  Query,
  Subscription,
  Tracked,
} from '@tintype/client';

/** Every procedure, for `createClient<Api>`. */
export interface Api {
  /** Where the instances are. */
  instances: Query<void, string[]>;
  room: {
    /** What is said from now on, or since the last event that the client has, whichever instance it had it from. */
    listen: Subscription<void, Tracked<RoomEvent>>;
    /** Says something in the room. */
    say: Mutation<Message, void, SayError>;
  };
}

/** What a client asks of the contract while it runs: pass it to `createClient`. */
export declare const contract: Contract;

/** What somebody says. */
export type Message = {
  from: string;
  text: string;
};

/** What is heard in the room. */
export type RoomEvent =
  /** Somebody says something. */
  | { kind: 'said'; message: Message }
  /** Something is missing here, which Redis has lost or not kept so long. */
  | { kind: 'gap' };

/** Why nobody was told. */
export type SayError =
  /** Redis does not answer. */
  | { kind: 'UNAVAILABLE' };

export {};
//# sourceMappingURL=api.d.ts.map
