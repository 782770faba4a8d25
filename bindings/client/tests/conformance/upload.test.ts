import { once } from 'node:events';
import { createServer } from 'node:http';
import { fetchWithContract, http, type UploadProgress } from '@tintype/client';
import { fetchWithProgress, uploads } from '@tintype/client/upload';
import { JSDOM } from 'jsdom';
import { afterEach, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { type ConnectOptions, connect, failure, profile, recorder } from './server.ts';

const uploading = (options?: ConnectOptions) => connect({ transport: uploads(http), ...options });

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('inputs that are bodies', () => {
  test('a form arrives with its texts and files', async () => {
    const { sent, fetch } = recorder();
    const api = uploading({ fetch });
    const form = new FormData();
    form.append('title', 'é');
    form.append('file', new Blob(['hello'], { type: 'text/plain' }), 'hello.txt');

    const [{ entries }, pong] = await Promise.all([api.form.submit.mutate(form), api.ping.query()]);

    expect(entries).toEqual([
      { name: 'title', kind: 'text', value: 'é' },
      { name: 'file', kind: 'file', filename: 'hello.txt', type: 'text/plain', size: 5 },
    ]);
    expect(pong).toBe('pong');
    expect(sent.length).toBe(2);
  });

  test.each([
    ['bytes', () => new Uint8Array([1, 2, 3])],
    ['a buffer', () => new Uint8Array([1, 2, 3]).buffer],
    ['a file', () => new Blob([new Uint8Array([1, 2, 3])], { type: 'image/png' })],
    ['a stream', () => new Blob([new Uint8Array([1, 2, 3])]).stream()],
  ])('%s arrives as it is', async (_, make) => {
    expect(await uploading().form.octet.mutate(make())).toEqual({ length: 3, sum: 6 });
  });

  test('an address may end with a slash', async () => {
    const api = uploading({ url: `${profile()}/` });

    expect(await api.form.octet.mutate(new Uint8Array([4]))).toEqual({ length: 1, sum: 4 });
  });

  test('two of them never share a request', async () => {
    const { sent, fetch } = recorder();
    const api = uploading({ fetch });

    const answers = await Promise.all(
      [1, 2].map((n) => api.form.octet.mutate(new Uint8Array([n]))),
    );

    expect(answers.map(({ sum }) => sum)).toEqual([1, 2]);
    expect(sent.length).toBe(2);
  });
});

describe('progress', () => {
  /** What a page of the server's own site has, of which the client uses only the upload. */
  function page(): void {
    const { window } = new JSDOM('', { url: inject('server') });
    vi.stubGlobal('XMLHttpRequest', window.XMLHttpRequest);
    onTestFinished(() => window.close());
  }

  const bytes = new Uint8Array(300_000).fill(1);

  test('is reported while an upload leaves', async () => {
    page();
    const progress: UploadProgress[] = [];
    const { sent, fetch } = recorder();
    const api = uploading({ fetch: fetchWithProgress(fetch) });

    const answer = await api.form.octet.mutate(bytes, { onProgress: (at) => progress.push(at) });

    expect(answer).toEqual({ length: 300_000, sum: 300_000 });
    expect(progress.at(-1)).toEqual({ loadedBytes: 300_000, totalBytes: 300_000 });
    expect(sent).toEqual([]);
  });

  test('comes with the headers of the client and the errors of the server', async () => {
    page();
    const answers: unknown[] = [];
    const server = createServer((request, response) => {
      const { headers, method } = request;
      answers.push([
        method,
        headers['content-type'],
        headers['tintype-contract'],
        headers['x-one'],
      ]);
      response.writeHead(413, { 'retry-after': '9', 'access-control-allow-origin': '*' });
      const data = { code: 'PAYLOAD_TOO_LARGE', httpStatus: 413 };
      response.end(JSON.stringify({ error: { message: 'too large', code: -32013, data } }));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => {
      server.close();
    });
    const { port } = Object(server.address());
    const { window } = new JSDOM('', { url: `http://127.0.0.1:${port}` });
    vi.stubGlobal('XMLHttpRequest', window.XMLHttpRequest);
    const api = uploading({
      url: `http://127.0.0.1:${port}`,
      fetch: fetchWithContract({ hash: '0123abcd' }, () => {}, fetchWithProgress()),
      headers: () => ({ 'x-one': '1' }),
    });

    const error = await failure(api.form.octet.mutate(bytes, { onProgress: () => {} }));

    expect(error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', httpStatus: 413, retryAfterMs: 9000 });
    expect(answers).toEqual([['POST', 'application/octet-stream', '0123abcd', '1']]);
    window.close();
  });

  test('ends with the call that is aborted', async () => {
    page();
    const controller = new AbortController();
    const { signal } = controller;
    const api = uploading({ fetch: fetchWithProgress() });

    const onProgress = () => controller.abort('enough');
    const error = await failure(api.form.octet.mutate(bytes, { signal, onProgress }));

    expect(error).toMatchObject({ code: 'ABORTED', cause: 'enough' });
  });

  test('an upload that breaks off has no answer', async () => {
    page();
    const server = createServer((request) => request.socket.destroy());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => {
      server.close();
    });
    const { port } = Object(server.address());
    const url = `http://127.0.0.1:${port}`;
    const { window } = new JSDOM('', { url });
    vi.stubGlobal('XMLHttpRequest', window.XMLHttpRequest);

    const api = uploading({ url, fetch: fetchWithProgress() });
    const error = await failure(api.form.octet.mutate(bytes, { onProgress: () => {} }));

    expect(error.code).toBe('TRANSPORT');
  });

  test('is not reported where there is no way to know, and the upload arrives', async () => {
    const { sent, fetch } = recorder();
    const progress: UploadProgress[] = [];
    const api = uploading({ fetch: fetchWithProgress(fetch) });

    const answer = await api.form.octet.mutate(bytes, { onProgress: (at) => progress.push(at) });

    expect(answer.length).toBe(300_000);
    expect([sent.length, progress]).toEqual([1, []]);
    expect(await api.ping.query()).toBe('pong');
  });
});
