import { ApiError, type ErrorData, errorOf } from './api-error.js';
import { tell } from './callback.js';
import { CONTRACT_HEADER } from './contract-header.js';
import type { ClientOptions, RichOption } from './options.js';
import type { Body, Host } from './transport.js';

/** An answer that failed, as far as it is one. */
interface Failure {
  readonly error?: { readonly message?: string; readonly data?: ErrorData };
}

export function hostOf(options: ClientOptions & RichOption): Host {
  const { contract = {}, credentials = 'same-origin', headers, rich } = options;
  let { onOutdated } = options;
  let authLostAt = 0;
  // Drawn with each request: the calls that fail together are sent again together.
  let jitter = 1;

  const decode: Host['decode'] = (path, value, isError) =>
    rich ? rich.decode(path, value, isError) : value;

  return {
    url: options.url.replace(/\/$/, ''),
    contract,
    options,
    decode,

    payload(path, input) {
      try {
        return isBody(input) ? input : rich ? rich.encode(input) : JSON.stringify(input);
      } catch (cause) {
        throw errorOf(path, cause, 'BAD_REQUEST');
      }
    },

    async fetch(url, request) {
      jitter = Math.random();
      const response = await (options.fetch ?? fetch)(url, {
        credentials,
        ...request,
        headers: {
          ...(contract.hash && { [CONTRACT_HEADER]: contract.hash }),
          ...(typeof headers === 'function' ? await headers() : headers),
          ...request.headers,
        },
      });
      if (response.headers.get(CONTRACT_HEADER) === 'outdated') {
        tell(onOutdated);
        onOutdated = undefined;
      }
      return response;
    },

    error(path, envelope, response) {
      const { error: { message, data = {} } = {} }: Failure = Object(envelope);
      const { code = 'MALFORMED', httpStatus = response?.status, validation, logId } = data;
      const after = response?.headers.get('retry-after');
      const error = new ApiError(message ?? `${path}: no tRPC answer, status ${httpStatus}`, {
        code,
        path,
        httpStatus,
        error: data.error && decode(path, data.error, true),
        validation,
        logId,
        retryAfterMs: after ? Number(after) * 1000 || Date.parse(after) - Date.now() : undefined,
        data,
      });
      if (code === 'UNAUTHORIZED' && Date.now() - authLostAt > 1000) {
        authLostAt = Date.now();
        tell(options.onAuthLost, error);
      }
      return error;
    },

    delay(attempt, failure, firstMs = options.retryDelayMs ?? 500) {
      const maxMs = options.maxRetryDelayMs ?? 30_000;
      return Math.max(
        Math.min(maxMs, firstMs * 2 ** attempt) * jitter,
        Math.min(maxMs, failure?.retryAfterMs ?? 0),
      );
    },
  };
}

function isBody(input: unknown): input is Body {
  return (
    ArrayBuffer.isView(input) ||
    [FormData, Blob, ArrayBuffer, ReadableStream].some((type) => input instanceof type)
  );
}
