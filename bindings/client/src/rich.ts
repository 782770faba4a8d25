import { ApiError, isApiError } from './api-error.js';
import type { RichTypes } from './contract.js';
import { encode } from './rich-encode.js';
import { richOver } from './rich-over.js';

/** Where the values of a type hold what JSON has no word for; generated. */
export type Node =
  /** 0 has nothing rich; k is the k-th shared node. */
  | number
  /** `Date`, `bigint`, `Uint8Array`, and a number that may be `NaN` or infinite. */
  | 'd'
  | 'n'
  | 'b'
  | 'f'
  /** An array, a tuple, an object used as a map, `Map`, `Set`. */
  | readonly ['a', Node]
  | readonly ['t', ...Node[]]
  | readonly ['m', Node]
  | readonly ['e', Node, Node]
  | readonly ['s', Node]
  /** An object, and one of several that are told apart by a member. */
  | readonly ['o', Readonly<Record<string, Node>>]
  | readonly ['u', string, Readonly<Record<string, Node>>]
  /** The name of a variant, or an object with it as its only member. */
  | readonly ['x', Readonly<Record<string, Node>>]
  /** All of these. */
  | readonly ['i', ...Node[]];

/** The nodes of what a procedure returns and of its typed error; 0 where left out. */
export type ProcedureNodes = readonly [output: Node, error?: Node];

/** The rich types of a contract, for the option `rich` of its client. */
export function richTypes(
  nodes: readonly Node[],
  procedures: Readonly<Record<string, ProcedureNodes>>,
): RichTypes {
  const decode: RichTypes['decode'] = (path, value, isError) => {
    const [output, error = 0] = (Object.hasOwn(procedures, path) && procedures[path]) || [0];
    try {
      return decodeAt({ nodes, procedure: path }, isError ? error : output, value);
    } catch (cause) {
      throw isApiError(cause) ? cause : malformed(path, `${cause}`, cause);
    }
  };
  return { encode, decode, over: (transport) => richOver(transport, decode) };
}

/** Where a value is. */
interface Place {
  readonly nodes: readonly Node[];
  readonly procedure: string;
  readonly parent?: Place;
  readonly key?: string | number;
}

function decodeAt(place: Place, node: Node, value: unknown): unknown {
  if (node === 0 || value === null || value === undefined) {
    return value;
  }
  if (value instanceof Promise) {
    const later = value.then((settled) => decodeAt(place, node, settled));
    // Whoever gets the promise may look at it later, or never.
    later.catch(() => {});
    return later;
  }
  if (typeof node === 'number') {
    return decodeAt(place, place.nodes[node - 1] ?? misfit(place, `type ${node}`, value), value);
  }
  if (isAsyncIterable(value)) {
    return decodeItems(place, node, value);
  }
  return typeof node === 'string'
    ? decodeScalar(place, node, value)
    : decodeWhole(place, node, value);
}

function decodeScalar(place: Place, node: Extract<Node, string>, value: unknown): unknown {
  switch (node) {
    case 'd':
      return dateOf(place, value);
    case 'n':
      return typeof value === 'string' && /^-?\d+$/.test(value)
        ? BigInt(value)
        : misfit(place, 'an integer as text', value);
    case 'b':
      return bytesOf(place, value);
    case 'f':
      return typeof value === 'number' || NOT_FINITE.includes(value)
        ? Number(value)
        : misfit(place, 'a number', value);
  }
}

function decodeWhole(place: Place, node: Exclude<Node, number | string>, value: unknown): unknown {
  switch (node[0]) {
    case 'a': {
      const [, item] = node;
      return elements(place, value, () => item);
    }
    case 's': {
      const [, item] = node;
      return new Set(elements(place, value, () => item));
    }
    case 't': {
      const [, ...items] = node;
      return elements(place, value, (index) => items[index] ?? 0);
    }
    case 'e':
      return new Map(entries(place, node[1], node[2], value));
    case 'm': {
      const [, item] = node;
      return members(place, value, Object.keys(Object(value)), () => item);
    }
    case 'x': {
      const [, variants] = node;
      return typeof value === 'string'
        ? value
        : members(place, value, Object.keys(variants), (key) => variants[key] ?? 0);
    }
    case 'o': {
      const [, fields] = node;
      return members(place, value, Object.keys(fields), (key) => fields[key] ?? 0);
    }
    case 'u': {
      const [, tag, variants] = node;
      const name = String(objectAt(place, value)[tag]);
      return decodeAt(place, Object.hasOwn(variants, name) ? (variants[name] ?? 0) : 0, value);
    }
    case 'i': {
      const [, ...parts] = node;
      return parts.reduce<unknown>((whole, part) => decodeAt(place, part, whole), value);
    }
  }
}

const NOT_FINITE: readonly unknown[] = ['NaN', 'Infinity', '-Infinity'];

function dateOf(place: Place, value: unknown): Date {
  const form = /^(\d{4}|[+-]\d{6})-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
  const date = new Date(typeof value === 'string' && form.test(value) ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? misfit(place, 'a date of RFC 3339', value) : date;
}

function bytesOf(place: Place, value: unknown): Uint8Array<ArrayBuffer> {
  try {
    if (
      typeof value === 'string' &&
      value.length % 4 === 0 &&
      /^[A-Za-z0-9+/]*={0,2}$/.test(value)
    ) {
      return Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
    }
  } catch {
    // As any other text that is no base64.
  }
  return misfit(place, 'bytes as base64', value);
}

/** Decodes the elements of an array where they are. */
function elements(place: Place, value: unknown, nodeAt: (index: number) => Node): unknown[] {
  const array = arrayAt(place, value);
  array.forEach((element, index) => {
    array[index] = decodeAt(within(place, index), nodeAt(index), element);
  });
  return array;
}

function entries(place: Place, key: Node, item: Node, value: unknown): [unknown, unknown][] {
  return arrayAt(place, value).map((entry, index) => {
    const at = within(place, index);
    const pair = arrayAt(at, entry);
    if (pair.length !== 2) {
      misfit(at, 'a key and a value', entry);
    }
    return [decodeAt(within(at, 0), key, pair[0]), decodeAt(within(at, 1), item, pair[1])];
  });
}

/** Decodes the members of an object where they are; only its own, whatever they are called. */
function members(
  place: Place,
  value: unknown,
  keys: readonly string[],
  nodeOf: (key: string) => Node,
): unknown {
  const object = objectAt(place, value);
  for (const key of keys) {
    if (Object.hasOwn(object, key)) {
      object[key] = decodeAt(within(place, key), nodeOf(key), object[key]);
    }
  }
  return object;
}

async function* decodeItems(
  place: Place,
  node: Node,
  items: AsyncIterable<unknown>,
): AsyncGenerator<unknown> {
  for await (const item of items) {
    yield decodeAt(place, node, item);
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function objectAt(place: Place, value: unknown): Record<string, unknown> {
  return isObject(value) ? value : misfit(place, 'an object', value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function arrayAt(place: Place, value: unknown): unknown[] {
  return Array.isArray(value) ? value : misfit(place, 'an array', value);
}

function within(parent: Place, key: string | number): Place {
  return { nodes: parent.nodes, procedure: parent.procedure, parent, key };
}

function misfit(place: Place, expected: string, value: unknown): never {
  const keys: string[] = [];
  for (let at = place; at.parent; at = at.parent) {
    keys.unshift(typeof at.key === 'number' ? `[${at.key}]` : `.${at.key}`);
  }
  const text = `${JSON.stringify(value)}`;
  const found = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  const where = keys.length ? ` at ${keys.join('').replace(/^\./, '')}` : '';
  throw malformed(place.procedure, `expected ${expected}${where}, found ${found}`);
}

function malformed(path: string, problem: string, cause?: unknown): ApiError {
  return new ApiError(`${path}: ${problem}`, { code: 'MALFORMED', path, cause });
}
