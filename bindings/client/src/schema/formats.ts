import { isIpv4, isIpv6, isUrl } from './addresses.js';
import type { Check } from './standard.js';
import { isText, type } from './types.js';

const text = (expected: string, test: (text: string) => boolean): Check =>
  type(expected, (value) => isText(value) && test(value));

const matching = (expected: string, pattern: RegExp): Check =>
  text(expected, (value) => pattern.test(value));

const DATE = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?`;

/** Whether the month has the day. */
const isDay = (value: string): boolean =>
  new Date(`${value.slice(0, 10)}T00:00Z`).getUTCDate() === Number(value.slice(8, 10));

const dated = (expected: string, rest: string): Check => {
  const pattern = new RegExp(`^${DATE}${rest}$`, 'i');
  return text(expected, (value) => pattern.test(value) && isDay(value));
};

/** A UUID in its hyphenated form. */
export const uuid: Check = /* @__PURE__ */ matching(
  'a UUID',
  /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i,
);

const rfc3339 = /* @__PURE__ */ dated(
  'a date and time with its offset',
  `T${TIME}(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)`,
);

/** A `Date`, or the text of a point in time with its offset. */
export const dateTime: Check = (value, fail) =>
  value instanceof Date && !Number.isNaN(value.getTime()) ? undefined : rfc3339(value, fail);

/** A date and a time of day without an offset. */
export const localDateTime: Check = /* @__PURE__ */ dated('a date and time', `T${TIME}`);

/** A date. */
export const date: Check = /* @__PURE__ */ dated('a date', '');

/** A time of day. */
export const time: Check = /* @__PURE__ */ matching(
  'a time of day',
  /* @__PURE__ */ new RegExp(`^${TIME}$`),
);

/** A length of time, as ISO 8601 has it. */
export const duration: Check = /* @__PURE__ */ matching(
  'a length of time',
  /^P(?=.)(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:[.,]\d{1,9})?S)?)?$/,
);

/** A decimal number as text. */
export const decimal: Check = /* @__PURE__ */ matching('a decimal number', /^-?\d+(?:\.\d+)?$/);

/** One character. */
export const char: Check = /* @__PURE__ */ text(
  'one character',
  (value) => [...value].length === 1,
);

const base64 = /* @__PURE__ */ matching(
  'bytes',
  /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/,
);

/** A `Uint8Array`, or its bytes in base 64. */
export const bytes: Check = (value, fail) =>
  value instanceof Uint8Array ? undefined : base64(value, fail);

/** An IP address. */
export const ipText: Check = /* @__PURE__ */ text(
  'an IP address',
  (value) => isIpv4(value) || isIpv6(value),
);

/** An IPv4 address. */
export const ipv4Text: Check = /* @__PURE__ */ text('an IPv4 address', isIpv4);

/** An IPv6 address. */
export const ipv6Text: Check = /* @__PURE__ */ text('an IPv6 address', isIpv6);

/** A URL. */
export const urlText: Check = /* @__PURE__ */ text('a URL', isUrl);
