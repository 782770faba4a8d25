import { isIpv4, isIpv6, isUrl } from './addresses.js';
import type { Check } from './standard.js';

/** A rule that a value of the right type may break, in garde's words; a problem that is `false` is none. */
const rule =
  <T>(problem: (value: T) => string | false): Check =>
  (value, fail) => {
    // `all` checks the type before the rules.
    const message = problem(value as T);
    if (message !== false) fail('constraint', message);
  };

const length =
  <T>(count: (value: T) => number) =>
  (min = 0, max = Number.POSITIVE_INFINITY): Check =>
    rule<T>((value) => {
      const found = count(value);
      if (found < min) return `length is lower than ${min}`;
      return found > max && `length is greater than ${max}`;
    });

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

/** How many bytes a text has. */
export const byteLength = /* @__PURE__ */ length(utf8Length);

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
export const range = (min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): Check =>
  rule<number>((value) => {
    if (value < min) return `lower than ${min}`;
    return value > max && `greater than ${max}`;
  });

/** A text in which a regular expression finds a match; `source` is how the server writes it. */
export const pattern = (expression: RegExp, source = expression.source): Check =>
  rule<string>((text) => !expression.test(text) && `does not match pattern /${source}/`);

/** A text with another one in it. */
export const contains = (part: string): Check =>
  rule<string>((text) => !text.includes(part) && `does not contain "${part}"`);

/** A text with a certain beginning. */
export const prefix = (start: string): Check =>
  rule<string>((text) => !text.startsWith(start) && `value does not begin with "${start}"`);

/** A text with a certain end. */
export const suffix = (end: string): Check =>
  rule<string>((text) => !text.endsWith(end) && `does not end with "${end}"`);

/** A text of ASCII characters. */
export const ascii: Check = /* @__PURE__ */ rule<string>(
  (text) => !/^[\0-\x7f]*$/.test(text) && 'not ascii',
);

/** A text of letters and digits. */
export const alphanumeric: Check = /* @__PURE__ */ rule<string>(
  (text) => !/^[\p{Alphabetic}\p{N}]*$/u.test(text) && 'not alphanumeric',
);

/** A URL. */
export const url: Check = /* @__PURE__ */ rule<string>((text) => !isUrl(text) && 'not a valid url');

/** An IP address. */
export const ip: Check = /* @__PURE__ */ rule<string>(
  (text) => !isIpv4(text) && !isIpv6(text) && 'not a valid IP address',
);

/** An IPv4 address. */
export const ipv4: Check = /* @__PURE__ */ rule<string>(
  (text) => !isIpv4(text) && 'not a valid IPv4 address',
);

/** An IPv6 address. */
export const ipv6: Check = /* @__PURE__ */ rule<string>(
  (text) => !isIpv6(text) && 'not a valid IPv6 address',
);

/** An e-mail address. */
export const email: Check = /* @__PURE__ */ rule<string>((text) => {
  const at = text.indexOf('@');
  const reason = at < 0 ? whole(text) : user(text.slice(0, at)) || domain(text.slice(at + 1));
  return reason !== false && `not a valid email: ${reason}`;
});

const whole = (text: string): string => (text === '' ? 'value is empty' : 'value is missing `@`');

const user = (text: string): string | false => {
  if (utf8Length(text) > 64) return 'user length exceeded maximum of 64 characters';
  const fits = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+$/i.test(text);
  return !fits && 'user contains unexpected characters';
};

const domain = (text: string): string | false => {
  if (utf8Length(text) > 255) return 'domain length exceeded maximum of 255 characters';
  const address = text.slice(1, -1);
  const fits =
    text === `[${address}]`
      ? isIpv4(address) || isIpv6(address)
      : /^(?:(?:^|\.)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i.test(text);
  return !fits && 'domain contains unexpected characters';
};
