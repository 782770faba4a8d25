// Generated from the Rust contract by `cargo run`: do not edit.

import type {
  Contract,
  Mutation,
  Query,
} from '@tintype/client';

/** Every procedure, for `createClient<Api>`. */
export interface Api {
  /** Who is calling. It takes `SignedIn`, so nobody else can call it, and the check cannot be forgotten. */
  me: Query<void, string>;
  /** Signs somebody in. */
  signIn: Mutation<SignIn, string, SignInError>;
  /** Signs the caller out. */
  signOut: Mutation<void, void>;
}

/** What a client asks of the contract while it runs: pass it to `createClient`. */
export declare const contract: Contract;

/** Who wants to sign in. */
export type SignIn = {
  name: string;
  password: string;
};

/** Why somebody was not signed in. */
export type SignInError =
  /** Name or password is wrong; which of them, nobody is told. */
  | { kind: 'WRONG_PASSWORD' };

export {};
//# sourceMappingURL=api.d.ts.map
