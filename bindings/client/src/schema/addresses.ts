/** The host of a URL, as browsers write it; `undefined` if it is no URL. */
const hostOf = (url: string): string | undefined => {
  try {
    return new URL(url).hostname;
  } catch {
    return undefined;
  }
};

/** Whether a text is a URL with a scheme. */
export const isUrl = (text: string): boolean => hostOf(text) !== undefined;

/** Whether a text is an IPv4 address: browsers leave one as it is, and write other numbers as one. */
export const isIpv4 = (text: string): boolean =>
  /^[\d.]+$/.test(text) && hostOf(`http://${text}`) === text;

/** Whether a text is an IPv6 address. */
export const isIpv6 = (text: string): boolean =>
  /^[\da-f:.]+$/i.test(text) && isUrl(`http://[${text}]`);
