// Generated from the Rust contract by `cargo run`: do not edit.

import {
  all,
  alphanumeric,
  any,
  anyOf,
  array,
  ascii,
  bigint,
  boolean,
  byteLength,
  bytes,
  char,
  charLength,
  contains,
  date,
  dateTime,
  duration,
  email,
  entries,
  fixed,
  float,
  graphemeLength,
  integer,
  ip,
  ipv4,
  ipv6,
  itemCount,
  literal,
  localDateTime,
  memberCount,
  nullable,
  number,
  object,
  oneOf,
  pattern,
  prefix,
  range,
  record,
  required,
  schema,
  string,
  suffix,
  tagged,
  time,
  tuple,
  url,
  utf16Length,
  uuid,
} from '@tintype/client/schema';

export const adjacentSchema = /* @__PURE__ */ schema(() =>
  tagged('type', {
    Count: object({ data: integer(0, 4294967295) }),
    Nothing: object({}),
  }),
);

export const colorSchema = /* @__PURE__ */ schema(() =>
  oneOf('red', 'darkBlue'),
);

export const externalSchema = /* @__PURE__ */ schema(() =>
  anyOf(
    literal('plain'),
    object({ named: object({ name: string }) }),
    object({ pair: tuple(integer(0, 255), integer(0, 255)) }),
  ),
);

export const flattenedSchema = /* @__PURE__ */ schema(() =>
  all(object({ own: integer(0, 255) }), adjacentSchema),
);

export const listsSchema = /* @__PURE__ */ schema(() =>
  all(
    object(
      {},
      {
        tags: all(array(all(string, charLength(undefined, 3))), itemCount(1, 2)),
        maybe: nullable(all(array(integer(0, 255)), itemCount(undefined, 2))),
        byName: nullable(all(record(boolean), memberCount(undefined, 1))),
        needed: nullable(boolean),
        pair: nullable(tuple(integer(0, 255), string)),
        set: nullable(array(string)),
        triple: nullable(fixed(integer(0, 255), 3)),
        tree: nullable(treeSchema),
        byColor: nullable(record(integer(0, 255), colorSchema)),
        byNumber: nullable(record(boolean, bigint(0n, 255n))),
      },
    ),
    required('needed'),
  ),
);

export const namesSchema = /* @__PURE__ */ schema(() =>
  object(
    {},
    {
      ['__proto__']: nullable(integer(0, 255)),
      constructor: nullable(integer(0, 255)),
      'it\'s': nullable(integer(0, 255)),
    },
  ),
);

export const numbersSchema = /* @__PURE__ */ schema(() =>
  object(
    { limit: all(integer(0, 4294967295), range(1, 100)) },
    {
      share: nullable(all(number, range(-0.5, 0.5))),
      small: nullable(integer(-128, 127)),
      safe: nullable(integer()),
      any: nullable(float),
      big: nullable(bigint(0n, 18446744073709551615n)),
    },
  ),
);

export const pageInputOfColorSchema = /* @__PURE__ */ schema(() =>
  object({ items: array(colorSchema) }, { next: nullable(string) }),
);

export const pageInputOfPageInputOfColorSchema = /* @__PURE__ */ schema(() =>
  object({ items: array(pageInputOfColorSchema) }, { next: nullable(string) }),
);

export const pageInputOfTreeSchema = /* @__PURE__ */ schema(() =>
  object({ items: array(treeSchema) }, { next: nullable(string) }),
);

export const richValuesSchema = /* @__PURE__ */ schema(() =>
  object(
    {},
    {
      id: nullable(thingIdSchema),
      at: nullable(dateTime),
      local: nullable(localDateTime),
      day: nullable(date),
      time: nullable(time),
      bytes: nullable(bytes),
      timeout: nullable(duration),
      entries: nullable(entries(integer(0, 255), string)),
      letter: nullable(char),
      json: nullable(record(any)),
    },
  ),
);

export const shapeSchema = /* @__PURE__ */ schema(() =>
  tagged('kind', {
    circle: object({ outerRadius: all(number, range(0)) }),
    square: object({ side: integer(0, 255) }),
    point: object({}),
  }),
);

export const textsSchema = /* @__PURE__ */ schema(() =>
  object(
    {},
    {
      displayName: nullable(all(string, charLength(1, 5))),
      inBytes: nullable(all(string, byteLength(undefined, 4))),
      inUnits: nullable(all(string, utf16Length(2, 4))),
      inGraphemes: nullable(all(string, graphemeLength(undefined, 1))),
      email: nullable(all(string, email)),
      url: nullable(all(string, url)),
      ip: nullable(all(string, ip)),
      ipv4: nullable(all(string, ipv4)),
      ipv6: nullable(all(string, ipv6)),
      code: nullable(all(
        string,
        pattern(/^[a-z]+[\p{Nd}]*$/u, '^[a-z]+\\d*$'),
        byteLength(undefined, 8),
      )),
      insensitive: nullable(string),
      framed: nullable(all(string, contains('a.b'), prefix('<'), suffix('>'))),
      ascii: nullable(all(string, ascii)),
      'letters-and-digits': nullable(all(string, alphanumeric)),
    },
  ),
);

export const thingIdSchema = /* @__PURE__ */ schema(() =>
  uuid,
);

export const treeSchema = /* @__PURE__ */ schema(() =>
  object({ name: all(string, charLength(1)), children: array(treeSchema) }),
);

export const unionsSchema = /* @__PURE__ */ schema(() =>
  object(
    {},
    {
      color: nullable(colorSchema),
      shape: nullable(shapeSchema),
      adjacent: nullable(adjacentSchema),
      external: nullable(externalSchema),
      untagged: nullable(untaggedSchema),
    },
  ),
);

export const untaggedSchema = /* @__PURE__ */ schema(() =>
  anyOf(number, object({ name: string })),
);
