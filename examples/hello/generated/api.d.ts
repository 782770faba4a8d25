// Generated from the Rust contract by `cargo run`: do not edit.

import type {
  Contract,
  Query,
} from '@tintype/client';

/** Every procedure, for `createClient<Api>`. */
export interface Api {
  /** Greets somebody by name. */
  greet: Query<string, string>;
}

/** What a client asks of the contract while it runs: pass it to `createClient`. */
export declare const contract: Contract;

export {};
//# sourceMappingURL=api.d.ts.map
