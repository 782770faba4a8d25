import { tell } from './callback.js';
import type { Contract } from './contract.js';
import type { Fetch } from './options.js';

/** Where a client says which contract it knows, and where it hears that the server has another. */
const HEADER = 'tintype-contract';

/** A `fetch` that says which contract the client knows, and calls `onOutdated` once if the server has broken with it. */
export function fetchWithContract(
  { hash }: Contract,
  onOutdated: () => void,
  fetch: Fetch = globalThis.fetch,
): Fetch {
  let callback: typeof onOutdated | undefined = onOutdated;
  return async (url, init) => {
    const headers = { ...init.headers, ...(hash && { [HEADER]: hash }) };
    const response = await fetch(url, { ...init, headers });
    if (response.headers.get(HEADER) === 'outdated') {
      tell(callback);
      callback = undefined;
    }
    return response;
  };
}
