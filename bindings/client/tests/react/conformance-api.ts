import type { Mutation, Query, Subscription, Tracked } from '@tintype/client';

/** The procedures of the conformance router that components call, as its `README.md` has them. */
export interface ConformanceApi {
  /** Answers with a constant. */
  ping: Query<void, string>;
  fire: Mutation<void, void>;
  echo: Query<Page, { present: boolean; input: Page }>;
  counter: CounterApi;
  form: { octet: Mutation<Uint8Array, { length: number; sum: number }> };
  ctx: { info: Query<void, { paths: string[] }> };
  error: {
    app: Mutation<void, never, Insufficient>;
    throw: Query<{ code: string; message?: string }, string, Refused>;
  };
  math: { add: Query<{ a: number; b: number }, { sum: number }> };
  slow: {
    abortable: Query<{ key: string; ms: number }, string>;
    wait: Query<{ ms: number; value?: string }, { value: string | null }>;
  };
  sub: SubApi;
  values: { undefined: Query<void, void> };
}

export interface CounterApi {
  /** The counter of a key, 0 at first. */
  get: Query<{ key: string }, number>;
  increment: Mutation<{ key: string; by?: number }, number>;
}

export interface SubApi {
  count: Subscription<{ from: number; to: number; delayMs?: number }, number>;
  empty: Subscription<void, number>;
  flaky: Subscription<Flaky, Tracked<{ n: number; connection: number }>>;
  infinite: Subscription<{ key: string; delayMs: number }, number>;
  noInput: Subscription<void, string>;
  throws: Subscription<{ after: number; code: string }, number, Refused>;
  tracked: Subscription<{ to: number; delayMs?: number }, Tracked<{ n: number }>>;
}

/** What `echo` is asked for, so that it serves as pages that say which one they are. */
export type Page = { limit?: number; after?: number | null };

export type Flaky = { key: string; failAfter: number; to: number; code: string };

export type Refused = { kind: 'refused' };

export type Insufficient = { kind: 'insufficient'; balance: number };
