// Generated from the Rust contract by `cargo run`: do not edit.

import type {
  Contract,
  Mutation,
} from '@tintype/client';

/** Every procedure, for `createClient<Api>`. */
export interface Api {
  files: {
    /** Counts the lines of a file. */
    count: Mutation<FormData, Counted, UploadError>;
  };
}

/** What a client asks of the contract while it runs: pass it to `createClient`. */
export declare const contract: Contract;

/** A file that was read. */
export type Counted = {
  title: string;
  name: string | null;
  bytes: number;
  lines: number;
};

/** Why a file was not read. */
export type UploadError =
  /** There is none. */
  | { kind: 'NO_FILE' }
  /** It is too large. */
  | {
      kind: 'TOO_LARGE';
      /** Most bytes. */
      limitBytes: number;
    }
  /** The form did not arrive as it should. */
  | {
      kind: 'BROKEN';
      /** What is wrong with it. */
      reason: string;
    };

export {};
//# sourceMappingURL=api.d.ts.map
