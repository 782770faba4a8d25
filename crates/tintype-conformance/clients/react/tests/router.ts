import type {
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCRouterDef,
  TRPCSubscriptionProcedure,
} from '@trpc/server';

type Types<I, O> = { input: I; output: O; errorShape: ErrorShape; meta: unknown };
type Query<I, O> = TRPCQueryProcedure<Types<I, O>>;
type Mutation<I, O> = TRPCMutationProcedure<Types<I, O>>;
type Subscription<I, O> = TRPCSubscriptionProcedure<Types<I, AsyncIterable<O, void, void>>>;
type Root = { ctx: object; meta: object; errorShape: ErrorShape; transformer: false };

/** The procedures of the conformance router that components call, as its `README.md` has them. */
export interface ConformanceRouter {
  _def: TRPCRouterDef<Root, Procedures>;
  createCaller: never;
}

type Procedures = {
  ping: Query<void, string>;
  echo: Query<Page, { present: boolean; input: Page }>;
  counter: {
    get: Query<{ key: string }, number>;
    increment: Mutation<{ key: string; by?: number }, number>;
  };
  ctx: { info: Query<void, RequestInfo> };
  error: {
    app: Mutation<void, never>;
    throw: Query<{ code: string; message?: string }, never>;
  };
  math: { add: Query<{ a: number; b: number }, { sum: number }> };
  slow: {
    abortable: Query<{ key: string; ms: number }, string>;
    wait: Query<{ ms: number; value?: string }, { value: string | null }>;
  };
  stream: {
    count: Query<{ from: number; to: number; delayMs?: number }, AsyncIterable<number>>;
  };
  sub: {
    flaky: Subscription<Flaky, { id: string; data: { n: number; connection: number } }>;
    infinite: Subscription<{ key: string; delayMs: number }, number>;
    throws: Subscription<{ after: number; code: string }, number>;
    tracked: Subscription<Tracked, TrackedValue>;
  };
};

/** What `echo` is asked for, so that it serves as pages that say which one they are. */
export type Page = { limit?: number; cursor?: number | null; direction?: 'forward' | 'backward' };

/** What the server knows about a request as a whole. */
export type RequestInfo = {
  type: string;
  isBatchCall: boolean;
  accept: string | null;
  paths: string[];
};

/** A subscription whose first connection breaks. */
export type Flaky = {
  key: string;
  failAfter: number;
  to: number;
  code: string;
  lastEventId?: string;
};

/** A subscription that resumes. */
export type Tracked = { to: number; delayMs?: number; lastEventId?: string };

/** A value of `sub.tracked`. */
export type TrackedValue = { id: string; data: { n: number } };

/** An error; the last three fields of its data are those of the profile `fmt`. */
export type ErrorShape = {
  message: string;
  code: number;
  data: {
    code: string;
    httpStatus: number;
    path?: string;
    traceId?: string;
    appCode?: string | null;
    balance?: number;
  };
};
