import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** The bytes of `code` and of what it needs of the package, as a browser gets them. */
async function sizeOf(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    external: ['react', '@tanstack/react-query'],
  });
  return brotliCompressSync(outputFiles[0]?.contents ?? '').length;
}

const CLIENT = `
  import { createClient, http, safe } from '@tintype/client';
  const client = createClient(http, { url: '/trpc' });
  export { client, safe };
`;

const QUERIES = `
  ${CLIENT}
  import { createTanstackQuery } from '@tintype/client/react';
  export const api = createTanstackQuery(client);
`;

const SUBSCRIPTIONS = `
  ${QUERIES}
  export { useSubscription } from '@tintype/client/react';
`;

test('queries and mutations of components add at most 480 bytes to the client', async () => {
  expect((await sizeOf(QUERIES)) - (await sizeOf(CLIENT))).toBeLessThanOrEqual(480);
});

test('subscriptions of components add at most 320 bytes more', async () => {
  expect((await sizeOf(SUBSCRIPTIONS)) - (await sizeOf(QUERIES))).toBeLessThanOrEqual(320);
});
