import { readWhole } from './http.js';
import { type Body, isBody } from './is-body.js';
import type { ClientOptions, FetchInit } from './options.js';
import type { Operation, Transport } from './transport.js';

/** Sends inputs that are forms, files, bytes and streams as they are, each in a request of its own, and all else by `transport`. */
export function uploads(transport: Transport): Transport {
  return (options) => {
    const send = transport(options);
    return (operation) =>
      isBody(operation.input) ? upload(options, operation, operation.input) : send(operation);
  };
}

async function upload(options: ClientOptions, call: Operation, body: Body): Promise<void> {
  const { headers } = options;
  const request = new AbortController();
  call.release = () => request.abort();
  try {
    const init: FetchInit = {
      ...options,
      ...call,
      method: 'POST',
      body,
      duplex: 'half',
      headers: {
        // A form says its type itself, with its boundary.
        ...(!(body instanceof FormData) && { 'content-type': 'application/octet-stream' }),
        ...(typeof headers === 'function' ? await headers() : headers),
        ...call.headers,
      },
      signal: request.signal,
    };
    const response = await (options.fetch ?? fetch)(
      `${options.url.replace(/\/$/, '')}/${call.path}`,
      init,
    );
    await readWhole(response, [call]);
  } catch (cause) {
    call.fail(cause);
  }
}
