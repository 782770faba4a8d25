/** Whether a text is a URL with a scheme. */
export const isUrl = (text: string): boolean => {
  try {
    return Boolean(new URL(text));
  } catch {
    return false;
  }
};

const BYTE = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const IPV4 = /* @__PURE__ */ new RegExp(String.raw`^(?:${BYTE}\.){3}${BYTE}$`);

/** Whether a text is an IPv4 address. */
export const isIpv4 = (text: string): boolean => IPV4.test(text);

/** Whether a text is an IPv6 address. */
export const isIpv6 = (text: string): boolean =>
  /^[\da-f:.]+$/i.test(text) && isUrl(`http://[${text}]`);
