import type { Mutation, Query, Subscription, Tracked } from '@tintype/client';

export type Code =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'TOO_MANY_REQUESTS'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR';

export interface Gauge {
  active: number;
  aborted: number;
  completed: number;
}

export interface Info {
  type: string;
  isBatchCall: boolean;
  accept: string | null;
  paths: string[];
}

export interface Echoed {
  present: boolean;
  input?: unknown;
}

export interface Step {
  n: number;
  connection?: number;
}

/** The parts of the conformance router that the tests call. */
export interface Api {
  ping: Query<void, string>;
  echo: Query<unknown, Echoed>;
  echoMutation: Mutation<unknown, Echoed>;
  fire: Mutation<void, undefined>;
  a: { b: { c: { leaf: Query<void, string>; echo: Query<{ text: string }, string> } } };
  input: { nested: Query<{ user: { name: string; address: { city: string } } }, string> };
  counter: {
    get: Query<{ key: string }, number>;
    increment: Mutation<{ key: string; by?: number }, number>;
  };
  error: {
    throw: Query<{ code: Code; message?: string }, never>;
    throwMutation: Mutation<{ code: Code; message?: string }, never>;
    internal: Query<void, never>;
    app: Mutation<void, never, { appCode: string; balance: number }>;
  };
  ctx: {
    header: Query<{ name: string }, { value: string | null }>;
    info: Query<void, Info>;
    infoMutation: Mutation<void, Info>;
    connectionParams: Query<void, Record<string, string> | null>;
  };
  auth: { whoami: Query<void, { user: string }>; rename: Mutation<{ name: string }, unknown> };
  slow: {
    wait: Query<{ ms: number; value?: unknown }, { value: unknown }>;
    waitMutation: Mutation<{ ms: number }, { value: unknown }>;
    abortable: Query<{ key: string; ms: number }, string>;
    stats: Query<{ key: string }, Gauge>;
  };
  values: {
    undefined: Query<void, undefined>;
    null: Query<void, null>;
    largeString: Query<void, string>;
    optionalFields: Query<void, { a: number; c: null }>;
  };
  stream: {
    count: Query<{ from: number; to: number; delayMs?: number }, AsyncIterable<number>>;
    withReturn: Query<void, AsyncIterable<string>>;
    throws: Query<{ after: number; code: Code }, AsyncIterable<number>>;
    tracked: Query<{ key: string; delayMs: number }, AsyncIterable<number>>;
    deferred: Query<
      void,
      { now: number; later: Promise<{ two: number; evenLater: Promise<string> }> }
    >;
    deferredReject: Query<void, { ok: number; bad: Promise<never> }>;
    iterableInObject: Query<void, { total: number; items: AsyncIterable<string> }>;
  };
  sub: {
    count: Subscription<{ from: number; to: number; delayMs?: number }, number>;
    noInput: Subscription<void, string>;
    empty: Subscription<void, never>;
    values: Subscription<void, unknown>;
    tracked: Subscription<{ to: number; delayMs?: number }, Tracked<Step>>;
    mixed: Subscription<void, unknown>;
    throws: Subscription<{ after: number; code: Code }, number>;
    setupThrows: Subscription<{ code: Code }, never>;
    silent: Subscription<{ ms: number }, string>;
    infinite: Subscription<{ key: string; delayMs: number }, number>;
    flaky: Subscription<
      { key: string; failAfter: number; to: number; code: Code },
      Tracked<Required<Step>>
    >;
    whoami: Subscription<void, { user: string }>;
    nothing: Subscription<void, never>;
  };
  form: {
    submit: Mutation<FormData, { entries: Record<string, unknown>[] }>;
    octet: Mutation<
      Blob | Uint8Array | ArrayBuffer | ReadableStream,
      { length: number; sum: number }
    >;
  };
}
