// Generated from the Rust contract by `cargo run`: do not edit.

import * as z from 'zod';
import type { ThingId, Tree } from './api.js';

export const adjacentSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Count'), data: z.int().min(0).max(4294967295) }),
  z.object({ type: z.literal('Nothing') }),
]);

/** A colour. */
export const colorSchema = z.enum(['red', 'darkBlue']);

export const externalSchema = z.union([
  z.literal('plain'),
  z.object({ named: z.object({ name: z.string() }) }),
  z.object({ pair: z.tuple([z.int().min(0).max(255), z.int().min(0).max(255)]) }),
]);

/** What is flattened, and what is refused. */
export const flattenedSchema = z.intersection(z.object({ own: z.int().min(0).max(255) }), adjacentSchema);

/** A tree. */
export const treeSchema: z.ZodType<Tree> = z.lazy(
  () =>
    z.object({
      name: z.string().refine((value) => [...value].length >= 1, 'must not be empty'),
      children: z.array(treeSchema),
    }) as unknown as z.ZodType<Tree>,
);

/** Lists with rules. */
export const listsSchema = z.object({
  tags: z.array(z.string().refine((value) => [...value].length <= 3, 'too long: at most 3')).refine((value) => value.length >= 1, 'must not be empty').refine((value) => value.length <= 2, 'too long: at most 2').optional(),
  maybe: z.array(z.int().min(0).max(255)).refine((value) => value.length <= 2, 'too long: at most 2').nullable().optional(),
  byName: z.record(z.string(), z.boolean()).refine((value) => Object.keys(value).length <= 1, 'too long: at most 1').nullable().optional(),
  needed: z.boolean(),
  pair: z.tuple([z.int().min(0).max(255), z.string()]).nullable().optional(),
  set: z.array(z.string()).nullable().optional(),
  triple: z.array(z.int().min(0).max(255)).length(3).nullable().optional(),
  tree: treeSchema.nullable().optional(),
  byColor: z.partialRecord(colorSchema, z.int().min(0).max(255)).nullable().optional(),
  byNumber: z.record(z.string().regex(/^-?[0-9]+$/), z.boolean()).nullable().optional(),
});

/** Names that JavaScript has plans for. */
export const namesSchema = z.object({
  ['__proto__']: z.int().min(0).max(255).nullable().optional(),
  constructor: z.int().min(0).max(255).nullable().optional(),
  'it\'s': z.int().min(0).max(255).nullable().optional(),
});

/** Numbers with rules. */
export const numbersSchema = z.object({
  limit: z.int().min(0).max(4294967295).refine((value) => value >= 1, 'too small: at least 1').refine((value) => value <= 100, 'too large: at most 100'),
  share: z.number().refine((value) => value >= -0.5, 'too small: at least -0.5').refine((value) => value <= 0.5, 'too large: at most 0.5').nullable().optional(),
  small: z.int().min(-128).max(127).nullable().optional(),
  safe: z.int().nullable().optional(),
  any: z.custom<number>((value) => typeof value === 'number', 'expected a number').nullable().optional(),
  big: z.bigint().min(0n).max(18446744073709551615n).nullable().optional(),
});

/** A page of something. */
export const pageInputOfColorSchema = z.object({ items: z.array(colorSchema), next: z.string().nullable().optional() });

/** A page of something. */
export const pageInputOfPageInputOfColorSchema = z.object({
  items: z.array(pageInputOfColorSchema),
  next: z.string().nullable().optional(),
});

/** A page of something. */
export const pageInputOfTreeSchema = z.object({ items: z.array(treeSchema), next: z.string().nullable().optional() });

/** Identifies a thing. */
export const thingIdSchema = z.guid() as unknown as z.ZodType<ThingId, string>;

/** Values that are more than JSON in JavaScript, and texts that hold something. */
export const richValuesSchema = z.object({
  id: thingIdSchema.nullable().optional(),
  at: z.date().nullable().optional(),
  local: z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?$/u).nullable().optional(),
  day: z.iso.date().nullable().optional(),
  time: z.string().regex(/^[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?$/u).nullable().optional(),
  bytes: z.instanceof(Uint8Array).nullable().optional(),
  timeout: z.string().regex(/^P(?=.)(?:[0-9]+D)?(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:[.,][0-9]{1,9})?S)?)?$/u).nullable().optional(),
  entries: z.map(z.int().min(0).max(255), z.string()).nullable().optional(),
  letter: z.string().refine((value) => [...value].length === 1, 'expected one character').nullable().optional(),
  json: z.record(z.string(), z.json()).nullable().optional(),
});

/** A shape. */
export const shapeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('circle'),
    outerRadius: z.number().refine((value) => value >= 0, 'too small: at least 0'),
  }),
  z.object({ kind: z.literal('square'), side: z.int().min(0).max(255) }),
  z.object({ kind: z.literal('point') }),
]);

/** Texts with rules. */
export const textsSchema = z.object({
  displayName: z.string().refine((value) => [...value].length >= 1, 'must not be empty').refine((value) => [...value].length <= 5, 'too long: at most 5').nullable().optional(),
  inBytes: z.string().refine((value) => new TextEncoder().encode(value).length <= 4, 'too long: at most 4').nullable().optional(),
  inUnits: z.string().refine((value) => value.length >= 2, 'too short: at least 2').refine((value) => value.length <= 4, 'too long: at most 4').nullable().optional(),
  inGraphemes: z.string().refine((value) => [...new Intl.Segmenter().segment(value)].length <= 1, 'too long: at most 1').nullable().optional(),
  email: z.string().regex(/^[a-zA-Z0-9.!#$%&'*+\/=?^_`{|}~\-]{1,64}@(?:[a-zA-Z0-9](?:[a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])?)*|\[[0-9a-fA-F:.]+\])$/, 'not an e-mail address').refine((value) => (!value.endsWith(']') || z.union([z.ipv4(), z.ipv6()]).safeParse(value.slice(value.indexOf('[') + 1, -1)).success) && value.length - value.indexOf('@') <= 256, 'not an e-mail address').nullable().optional(),
  url: z.string().refine((value) => URL.canParse(value), 'not a URL').nullable().optional(),
  ip: z.string().refine((value) => z.union([z.ipv4(), z.ipv6()]).safeParse(value).success, 'not an IP address').nullable().optional(),
  ipv4: z.string().refine((value) => z.ipv4().safeParse(value).success, 'not an IPv4 address').nullable().optional(),
  ipv6: z.string().refine((value) => z.ipv6().safeParse(value).success, 'not an IPv6 address').nullable().optional(),
  code: z.string().regex(/^[a-z]+[\p{Nd}]*$/u, 'must match the pattern ^[a-z]+\\d*$').refine((value) => new TextEncoder().encode(value).length <= 8, 'too long: at most 8').nullable().optional(),
  insensitive: z.string().nullable().optional(),
  framed: z.string().includes('a.b', 'must contain "a.b"').startsWith('<', 'must begin with "<"').endsWith('>', 'must end with ">"').nullable().optional(),
  ascii: z.string().regex(/^[\x00-\x7F]*$/, 'must have ASCII characters only').nullable().optional(),
  'letters-and-digits': z.string().regex(/^[\p{Alphabetic}\p{N}]*$/u, 'must have letters and digits only').nullable().optional(),
});

export const untaggedSchema = z.union([z.number(), z.object({ name: z.string() })]);

/** Unions of every kind. */
export const unionsSchema = z.object({
  color: colorSchema.nullable().optional(),
  shape: shapeSchema.nullable().optional(),
  adjacent: adjacentSchema.nullable().optional(),
  external: externalSchema.nullable().optional(),
  untagged: untaggedSchema.nullable().optional(),
});
