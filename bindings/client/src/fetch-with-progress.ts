import type { UploadProgress } from './contract.js';
import type { Fetch } from './options.js';

/**
 * A `fetch` that reports the progress of uploads, for the option `fetch` of a client.
 *
 * What has `onProgress` goes by `XMLHttpRequest`; all else goes by `fetch`, as it does where there is none, and as
 * a `ReadableStream` does.
 */
export function fetchWithProgress(fetch: Fetch = globalThis.fetch): Fetch {
  return (url, init) => {
    const { onProgress, body } = init;
    return onProgress &&
      body &&
      !(body instanceof ReadableStream) &&
      typeof XMLHttpRequest !== 'undefined'
      ? send(url, init, body, onProgress)
      : fetch(url, init);
  };
}

function send(
  url: string,
  { method = 'POST', headers, credentials, signal }: RequestInit,
  body: XMLHttpRequestBodyInit,
  onProgress: (progress: UploadProgress) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.withCredentials = credentials === 'include';
    new Headers(headers).forEach((value, name) => {
      request.setRequestHeader(name, value);
    });
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      onProgress({ loadedBytes: loaded, totalBytes: lengthComputable ? total : undefined });
    };
    const abort = (): void => request.abort();
    request.onloadend = () => {
      signal?.removeEventListener('abort', abort);
      if (signal?.aborted) {
        reject(signal.reason);
      } else if (request.status === 0) {
        reject(new TypeError('the upload broke off'));
      } else {
        resolve(responseOf(request));
      }
    };
    if (signal?.aborted) {
      reject(signal.reason);
    } else {
      signal?.addEventListener('abort', abort);
      request.send(body);
    }
  });
}

function responseOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().trim().split('\r\n')) {
    const [name = '', value = ''] = line.split(/: ?(.*)/s);
    headers.append(name, value);
  }
  const { status, statusText } = request;
  // Answers of these have no body, not even an empty one.
  const body = [204, 205, 304].includes(status) ? null : request.responseText;
  return new Response(body, { status, statusText, headers });
}
