import type { Check } from './standard.js';
import { isIpv4, isIpv6, isUrl } from './addresses.js';

/** A rule that a value of the right type may break, in garde's words. */
const rule =
  <T>(problem: (value: T) => string | false): Check =>
  (value, path, issues) => {
    // `all` checks the type before the rules.
    const message = problem(value as T);
    if (message !== false) issues.push({ code: 'constraint', message, path });
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
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are ASCII.
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
  const reason = emailProblem(text);
  return reason !== undefined && `not a valid email: ${reason}`;
});

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

function emailProblem(text: string): string | undefined {
  if (text === '') return 'value is empty';
  const at = text.indexOf('@');
  if (at < 0) return 'value is missing `@`';
  const user = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (utf8Length(user) > 64) return 'user length exceeded maximum of 64 characters';
  if (!/^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+$/i.test(user)) return 'user contains unexpected characters';
  if (utf8Length(domain) > 255) return 'domain length exceeded maximum of 255 characters';
  const address = /^\[(.*)\]$/.exec(domain)?.[1];
  const isAddress = address !== undefined && (isIpv4(address) || isIpv6(address));
  if (isAddress || new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'i').test(domain)) return undefined;
  return 'domain contains unexpected characters';
}
