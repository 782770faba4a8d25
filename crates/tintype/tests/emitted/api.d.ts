// Generated from the Rust contract by `cargo run`: do not edit.

import type {
  Contract,
  Mutation,
  Query,
  Rich,
  RichTypes,
  Subscription,
  Tracked,
} from '@tintype/client';

/** Every procedure, for `createClient<Api>`. */
export interface Api extends Rich {
  /** Is it there? */
  ping: Query<void, string>;
  check: {
    flattened: Mutation<Flattened, void>;
    lists: Mutation<Lists, void>;
    names: Mutation<Names, void>;
    numbers: Mutation<Numbers, void>;
    page: Mutation<PageInput<Tree>, void>;
    pages: Mutation<PageInput<PageInput<Color>>, void>;
    richValues: Mutation<RichValues, void>;
    /** Checks texts. */
    texts: Mutation<Texts, void>;
    unions: Mutation<Unions, void>;
  };
  things: {
    /** Things as they change. */
    changed: Subscription<void, Tracked<Thing>, ThingError>;
    /**
     * How many there are.
     * @deprecated ask for the list
     */
    count: Query<string, number>;
    /**
     * A thing.
     *
     * Found by its id.
     */
    get: Query<ThingId, Thing, ThingError>;
    /** Every thing. */
    list: Query<PageInput<Color> | void, Page<Thing>>;
    /** Uploads anything. */
    raw: Mutation<Blob | Uint8Array, void>;
    /** Removes a thing. */
    remove: Mutation<ThingId, ThingId | null, ThingError>;
    report: Query<void, Report>;
    summary: Query<void, Summary>;
    /** Uploads pictures. */
    upload: Mutation<FormData, number, FormError>;
  };
}

/** What a client asks of the contract while it runs: pass it to `createClient`. */
export declare const contract: Contract;

/** Where dates, big integers and bytes are: pass it to `createClient`. */
export declare const rich: RichTypes;

export type Adjacent =
  | { type: 'Count'; data: number }
  | { type: 'Nothing' };

/** A colour. */
export type Color =
  | 'red'
  | 'darkBlue';

export type External =
  | 'plain'
  | { named: { name: string } }
  | { pair: [number, number] };

/** What is flattened, and what is refused. */
export type Flattened = { own: number } & Adjacent;

/**
 * Why a form could not be read to its end.
 *
 * It is the error of a procedure, so `?` passes it on to the client: as the error type itself, or as a variant of
 * one with `#[from]`.
 */
export type FormError =
  /** The body is no `multipart/form-data`. */
  | {
      kind: 'malformed';
      /** What is wrong with it. */
      reason: string;
    }
  /** The form has more entries than the host accepts. */
  | {
      kind: 'tooManyEntries';
      /** Most entries in one form. */
      limit: number;
    }
  /** An entry is larger than the host accepts. */
  | {
      kind: 'entryTooLarge';
      /** Name of the entry. */
      name: string;
      /** Most bytes in an entry of its sort. */
      limit: number;
    }
  /** The body is larger than the host accepts. */
  | { kind: 'tooLarge' }
  /** Nothing arrived for longer than the host waits. */
  | { kind: 'tooSlow' }
  /** The client went away, or stopped sending. */
  | { kind: 'incomplete' };

/** Lists with rules. */
export type Lists = {
  tags?: string[];
  maybe?: number[] | null;
  byName?: { [key: string]: boolean } | null;
  needed?: boolean | null;
  pair?: [number, string] | null;
  set?: string[] | null;
  triple?: number[] | null;
  tree?: Tree | null;
  byColor?: { [key in Color]?: number } | null;
  byNumber?: { [key: number]: boolean } | null;
};

/** Names that JavaScript has plans for. */
export type Names = {
  '__proto__'?: number | null;
  constructor?: number | null;
  'it\'s'?: number | null;
};

/** Numbers with rules. */
export type Numbers = {
  limit: number;
  share?: number | null;
  small?: number | null;
  safe?: number | null;
  any?: number | null;
  big?: bigint | null;
};

/** A page of something. */
export type Page<T> = {
  items: T[];
  next: string | null;
};

/** A page of something. */
export type PageInput<T> = {
  items: T[];
  next?: string | null;
};

/** A report whose rows come one after the other. */
export type Report = {
  title: string;
  rows: AsyncIterable<number, void, void>;
};

/** Values that are more than JSON in JavaScript, and texts that hold something. */
export type RichValues = {
  id?: ThingId | null;
  at?: Date | null;
  local?: string | null;
  day?: string | null;
  time?: string | null;
  bytes?: Uint8Array | null;
  timeout?: string | null;
  entries?: Map<number, string> | null;
  letter?: string | null;
  json?: { [key: string]: JsonValue } | null;
};

/** A shape. */
export type Shape =
  /** Round. */
  | { kind: 'circle'; outerRadius: number }
  | { kind: 'square'; side: number }
  | { kind: 'point' };

/** An answer with a part that comes later. */
export type Summary = {
  total: Promise<number>;
};

/** Texts with rules. */
export type Texts = {
  /** Name, 1 to 5 characters. */
  displayName?: string | null;
  inBytes?: string | null;
  inUnits?: string | null;
  inGraphemes?: string | null;
  email?: string | null;
  url?: string | null;
  ip?: string | null;
  ipv4?: string | null;
  ipv6?: string | null;
  /** Lower case, with digits behind. */
  code?: string | null;
  insensitive?: string | null;
  framed?: string | null;
  ascii?: string | null;
  'letters-and-digits'?: string | null;
};

/** A thing as it is sent out. */
export type Thing = {
  id: ThingId;
  createdAt: Date;
  views: bigint;
};

/** Why a thing failed. */
export type ThingError =
  /** There is none. */
  | {
      kind: 'NOT_FOUND';
      /** Its id. */
      id: ThingId;
    };

/** Identifies a thing. */
export type ThingId = string & { readonly __brand: 'ThingId' };

/** A tree. */
export type Tree = {
  name: string;
  children: Tree[];
};

/** Unions of every kind. */
export type Unions = {
  color?: Color | null;
  shape?: Shape | null;
  adjacent?: Adjacent | null;
  external?: External | null;
  untagged?: Untagged | null;
};

export type Untagged =
  | number
  | { name: string };

/** Any JSON. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [key: string]: JsonValue };

export {};
//# sourceMappingURL=api.d.ts.map
