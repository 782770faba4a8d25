// Generated from the Rust contract by `cargo xtask bindings`: do not edit.

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
  auth: {
    /** Signs in and begins a session. */
    login: $Mutation<Login, SignedIn, LoginError>;
    /** Ends the session, and with it the streams that were opened in it. */
    logout: $Mutation<void, Success, never>;
    /** Who is signed in; `null` for nobody. */
    me: $Query<void, SignedIn | null, never>;
    /** Creates a workspace with its owner, and signs the owner in. */
    register: $Mutation<Register, SignedIn, RegisterError>;
  };
  widgets: {
    /** Changes to the workspace's widgets, from whichever window and instance they come. */
    changed: $Subscription<void, { id: string; data: WidgetEvent }, never>;
    /** Creates a widget. */
    create: $Mutation<CreateWidget, Widget, WidgetError>;
    /** Deletes a widget. */
    delete: $Mutation<DeleteWidget, Success, WidgetError>;
    /** The workspace's widgets, newest first. */
    list: $Query<ListWidgets | void, WidgetPage, ListError>;
    /** Gives a widget a new name, a new configuration, or both. */
    update: $Mutation<UpdateWidget, Widget, WidgetError>;
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

/** A widget that is to be. */
export type CreateWidget = {
  /** Name, 1 to 120 characters. */
  name: string;
  /** Whatever configures it, at most 16 KiB of JSON; `{}` without it. */
  config?: { [key: string]: JsonValue } | null;
};

/** Which widget to delete. */
export type DeleteWidget = {
  /** Its id. */
  id: WidgetId;
};

/** Why a page could not be listed. */
export type ListError =
  /** The cursor is not one of this server's. */
  | {
      kind: 'INVALID_CURSOR';
      /** The cursor that was passed. */
      cursor: string;
    };

/** Which widgets to list. */
export type ListWidgets = {
  /** The `nextCursor` of the page before. */
  cursor?: string | null;
  /** How many, 1 to 100; 50 without it. */
  limit?: number | null;
};

/** What somebody who signs in says. */
export type Login = {
  /** E-mail address. */
  email: string;
  /** Password. */
  password: string;
};

/** Why a sign-in failed. */
export type LoginError =
  /** There is no account with this address and password; which of the two is wrong is not said. */
  | { kind: 'INVALID_CREDENTIALS' }
  /** Too many attempts for this account or from this network, or at this moment. */
  | {
      kind: 'TOO_MANY_ATTEMPTS';
      /** How long to wait. */
      retryAfterSeconds: number;
    };

/** What somebody who signs up says. */
export type Register = {
  /** E-mail address, at most 254 characters. */
  email: string;
  /** Password, 8 to 128 characters of any kind. */
  password: string;
  /** Name of the workspace, 1 to 120 characters. */
  tenantName: string;
  /** What the person wants to be called, 1 to 120 characters. */
  name?: string | null;
};

/** Why a registration failed. */
export type RegisterError =
  /** Somebody has registered with this address. */
  | {
      kind: 'EMAIL_TAKEN';
      /** The address. */
      email: string;
    }
  /** Too many registrations from this network, or at this moment. */
  | {
      kind: 'TOO_MANY_ATTEMPTS';
      /** How long to wait. */
      retryAfterSeconds: number;
    };

/** Who is signed in, and where. */
export type SignedIn = {
  /** The user. */
  user: User;
  /** The workspace. */
  tenant: Tenant;
};

/** It is done. */
export type Success = {
  /** Always `true`: a failure is an error. */
  success: boolean;
};

/** A workspace: what belongs to it is seen by its members and by nobody else. */
export type Tenant = {
  /** Id of the workspace. */
  id: TenantId;
  /** Its name. */
  name: string;
  /** When it was created. */
  createdAt: string;
};

/**
 * Id of a tenant, the isolation boundary.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export type TenantId = string & { readonly __brand: 'TenantId' };

/** What to change of a widget: at least one of name and config. */
export type UpdateWidget = {
  /** Which widget. */
  id: WidgetId;
  /** The new name, 1 to 120 characters. */
  name?: string | null;
  /** The new configuration, at most 16 KiB of JSON; it replaces the old one. */
  config?: { [key: string]: JsonValue } | null;
};

/** A user of a workspace. */
export type User = {
  /** Id of the user. */
  id: UserId;
  /** E-mail address, as it was given at registration. */
  email: string;
  /** What the person wants to be called. */
  name: string | null;
  /** What the user may do. */
  role: UserRole;
  /** When the user registered. */
  createdAt: string;
};

/**
 * Id of a user.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export type UserId = string & { readonly __brand: 'UserId' };

/** What a user may do in a workspace. */
export type UserRole =
  /** Everything. */
  | 'owner'
  /** Everything but to change members and budgets. */
  | 'member';

/** A widget. */
export type Widget = {
  /** Id of the widget. */
  id: WidgetId;
  /** Name, 1 to 120 characters. */
  name: string;
  /** Whatever configures it. */
  config: { [key: string]: JsonValue };
  /** When it was created. */
  createdAt: string;
  /** When it was last changed. */
  updatedAt: string;
};

/** Why a call about widgets failed. */
export type WidgetError =
  /** The workspace has no such widget. */
  | {
      kind: 'WIDGET_NOT_FOUND';
      /** The id that was asked for. */
      id: WidgetId;
    };

/** A change to a workspace's widgets. */
export type WidgetEvent =
  /** A widget was created. */
  | {
      kind: 'created';
      /** The widget. */
      widget: Widget;
    }
  /** A widget was changed. */
  | {
      kind: 'updated';
      /** The widget as it is now. */
      widget: Widget;
    }
  /** A widget was deleted. */
  | {
      kind: 'deleted';
      /** The id that it had. */
      id: WidgetId;
    }
  /** Changes are missing here: load the list again. */
  | { kind: 'gap' };

/**
 * Id of a widget.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export type WidgetId = string & { readonly __brand: 'WidgetId' };

/** Some widgets, newest first. */
export type WidgetPage = {
  /** The widgets. */
  items: Widget[];
  /** Where the next page begins; `null` if this is the last. */
  nextCursor: string | null;
};

/** Any JSON. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [key: string]: JsonValue };

export {};
//# sourceMappingURL=index.d.ts.map
