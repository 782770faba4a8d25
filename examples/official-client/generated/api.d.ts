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
  widgets: {
    /** What happens from now on, or since the last event that the client has. */
    changed: Subscription<void, Tracked<WidgetEvent>>;
    /** Creates a widget. */
    create: Mutation<Widget, Widget, CreateError>;
    /** Every widget, oldest first. */
    list: Query<void, Widget[]>;
  };
}

/** What a client asks of the contract while it runs: pass it to `createClient`. */
export declare const contract: Contract;

/** Why a widget was not created. */
export type CreateError =
  /** There is one of this name. */
  | {
      kind: 'NAME_TAKEN';
      /** The name. */
      name: string;
    };

/** A widget. */
export type Widget = {
  name: string;
};

/** What happens to widgets. */
export type WidgetEvent =
  /** There is a new one. */
  | {
      kind: 'created';
      /** The widget. */
      widget: Widget;
    }
  /** Events are missing here: read the list again. */
  | { kind: 'gap' };

export {};
//# sourceMappingURL=api.d.ts.map
