import { MAX_URL_LENGTH } from './limits.js';
import type { Fetch } from './options.js';

/** A `fetch` that sends by POST what would make a URL too long, as servers with `allow_method_override` take it. */
export function postLongQueries(
  fetch: Fetch = globalThis.fetch,
  maxUrlLength: number = MAX_URL_LENGTH,
): Fetch {
  return (url, init) => {
    const [, address, input] = /^(.+)[?&]input=(.+)$/.exec(url) ?? [];
    return address && input && url.length > maxUrlLength
      ? fetch(address, {
          ...init,
          method: 'POST',
          body: decodeURIComponent(input),
          headers: { ...init.headers, 'content-type': 'application/json' },
        })
      : fetch(url, init);
  };
}
