import { isIpv4, isIpv6, isUrl } from './addresses.js';
import type { Check } from './standard.js';

/** A rule that a value of the right type may break, in the server's words. */
const rule =
  <T>(problem: (value: T) => string | false): Check =>
  (value, fail) => {
    // `all` checks the type before the rules.
    const message = problem(value as T);
    if (message) fail('constraint', message);
  };

const EMPTY = 'must not be empty';

/** Whether there is too little or too much of something. */
const outside = (
  found: number,
  small: string,
  large: string,
  min = found,
  max = found,
): string | false =>
  found < min ? `too ${small}: at least ${min}` : found > max && `too ${large}: at most ${max}`;

const length =
  <T>(count: (value: T) => number) =>
  (min?: number, max?: number): Check =>
    rule<T>((value) => {
      const found = count(value);
      return found < 1 && min === 1 ? EMPTY : outside(found, 'short', 'long', min, max);
    });

/** How many bytes a text has. */
export const byteLength = /* @__PURE__ */ length(
  (text: string) => new TextEncoder().encode(text).length,
);

/** How many characters a text has. */
export const charLength = /* @__PURE__ */ length((text: string) => [...text].length);

/** How many UTF-16 units a text has. */
export const utf16Length = /* @__PURE__ */ length((text: string) => text.length);

/** How many characters a text has in a reader's eyes. */
export const graphemeLength = /* @__PURE__ */ length(
  (text: string) => [...new Intl.Segmenter().segment(text)].length,
);

/** How many bytes there are, which may be text in base 64. */
export const dataLength = /* @__PURE__ */ length((bytes: Uint8Array | string) =>
  typeof bytes === 'string' ? (bytes.replace(/=+$/, '').length * 3) >> 2 : bytes.length,
);

/** How many elements a list, set or map has. */
export const itemCount = /* @__PURE__ */ length(
  (items: readonly unknown[] | ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>) =>
    'size' in items ? items.size : items.length,
);

/** How many members an object has. */
export const memberCount = /* @__PURE__ */ length(
  (members: object) => Object.values(members).filter((member) => member !== undefined).length,
);

/** A number is neither too small nor too large. */
export const range = (min?: number, max?: number): Check =>
  rule<number>((value) => outside(value, 'small', 'large', min, max));

/** A text in which a regular expression finds a match; `source` is how the server writes it. */
export const pattern = (expression: RegExp, source = expression.source): Check =>
  rule<string>((text) => !expression.test(text) && `must match the pattern ${source}`);

/** A text with another one in it. */
export const contains = (part: string): Check =>
  rule<string>((text) => !text.includes(part) && `must contain "${part}"`);

/** A text with a certain beginning. */
export const prefix = (start: string): Check =>
  rule<string>((text) => !text.startsWith(start) && `must begin with "${start}"`);

/** A text with a certain end. */
export const suffix = (end: string): Check =>
  rule<string>((text) => !text.endsWith(end) && `must end with "${end}"`);

/** A text of ASCII characters. */
export const ascii: Check = /* @__PURE__ */ rule<string>(
  (text) => !/^[\0-\x7f]*$/.test(text) && 'must have ASCII characters only',
);

/** A text of letters and digits. */
export const alphanumeric: Check = /* @__PURE__ */ rule<string>(
  (text) => !/^[\p{Alphabetic}\p{N}]*$/u.test(text) && 'must have letters and digits only',
);

/** A URL. */
export const url: Check = /* @__PURE__ */ rule<string>((text) => !isUrl(text) && 'not a URL');

/** An IP address. */
export const ip: Check = /* @__PURE__ */ rule<string>(
  (text) => !isIpv4(text) && !isIpv6(text) && 'not an IP address',
);

/** An IPv4 address. */
export const ipv4: Check = /* @__PURE__ */ rule<string>(
  (text) => !isIpv4(text) && 'not an IPv4 address',
);

/** An IPv6 address. */
export const ipv6: Check = /* @__PURE__ */ rule<string>(
  (text) => !isIpv6(text) && 'not an IPv6 address',
);

/** An e-mail address. */
export const email: Check = /* @__PURE__ */ rule<string>((text) => {
  if (text === '') return EMPTY;
  const at = text.indexOf('@');
  const reason =
    at < 0
      ? 'it has no @'
      : !isUser(text.slice(0, at))
        ? 'look before the @'
        : !isDomain(text.slice(at + 1)) && 'look after the @';
  return reason && `not an e-mail address: ${reason}`;
});

const isUser = (text: string): boolean => /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/i.test(text);

const isDomain = (text: string): boolean => {
  const address = text.slice(1, -1);
  return text === `[${address}]`
    ? isIpv4(address) || isIpv6(address)
    : text.length < 256 && /^(?:(?:^|\.)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i.test(text);
};
