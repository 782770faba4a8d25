// Generated from the Rust contract by `cargo run`: do not edit.

import type { TRPCRouterDef } from '@trpc/server';

interface $Procedure {
  meta: unknown;
  (opts: object): never;
}
interface $Def {
  procedure: true;
  meta: unknown;
  experimental_caller: boolean;
  inputs: never[];
}
interface $QueryDef<I, O, E> extends $Def {
  type: 'query';
  $types: { input: I; output: O; errorShape: ErrorShape<E> };
}
interface $MutationDef<I, O, E> extends $Def {
  type: 'mutation';
  $types: { input: I; output: O; errorShape: ErrorShape<E> };
}
interface $SubscriptionDef<I, O, E> extends $Def {
  type: 'subscription';
  $types: { input: I; output: AsyncIterable<O, void, void>; errorShape: ErrorShape<E> };
}
interface $Query<I, O, E> extends $Procedure {
  _def: $QueryDef<I, O, E>;
}
interface $Mutation<I, O, E> extends $Procedure {
  _def: $MutationDef<I, O, E>;
}
interface $Subscription<I, O, E> extends $Procedure {
  _def: $SubscriptionDef<I, O, E>;
}
type $Root = { ctx: object; meta: object; errorShape: ErrorShape<unknown>; transformer: boolean };

/** The router, for `createTRPCClient<AppRouter>` and its relatives. */
export interface AppRouter {
  _def: TRPCRouterDef<$Root, Procedures>;
  createCaller: never;
}

/** Every procedure, under its path. */
export type Procedures = {
  /** Where the instances are. */
  instances: $Query<void, string[], never>;
  room: {
    /** What is said from now on, or since the last event that the client has, whichever instance it had it from. */
    listen: $Subscription<void, { id: string; data: RoomEvent }, never>;
    /** Says something in the room. */
    say: $Mutation<Message, void, SayError>;
  };
};

/** What went wrong, as tRPC names it. */
export type ErrorCode =
  | 'PARSE_ERROR'
  | 'BAD_REQUEST'
  | 'INTERNAL_SERVER_ERROR'
  | 'NOT_IMPLEMENTED'
  | 'BAD_GATEWAY'
  | 'SERVICE_UNAVAILABLE'
  | 'GATEWAY_TIMEOUT'
  | 'UNAUTHORIZED'
  | 'PAYMENT_REQUIRED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'METHOD_NOT_SUPPORTED'
  | 'TIMEOUT'
  | 'CONFLICT'
  | 'PRECONDITION_FAILED'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'UNPROCESSABLE_CONTENT'
  | 'PRECONDITION_REQUIRED'
  | 'TOO_MANY_REQUESTS'
  | 'CLIENT_CLOSED_REQUEST';

/** What is wrong with an input, and where: an empty path is the input as a whole. */
export type ValidationIssue = { path: (string | number)[]; code: string; message: string };

/** An error as clients receive it; `E` is what the procedure itself fails with. */
export type ErrorShape<E> = {
  message: string;
  /** The JSON-RPC number of the code. */
  code: number;
  data: {
    code: ErrorCode;
    httpStatus: number;
    path?: string;
    stack?: string;
    /** The procedure's own error. */
    error?: E;
    /** Set if the input broke a rule. */
    validation?: ValidationIssue[];
    /** Set if the server failed: what to search its log for. */
    logId?: string;
  };
};

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
//# sourceMappingURL=index.d.ts.map
