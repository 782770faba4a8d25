import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** What applications write, and the most bytes that it may add to them. */
const APPLICATIONS = {
  core: {
    budget: 2048,
    source: `
      import { createClient, http, safe } from '@tintype/client';
      const api = createClient(http, { url: '/trpc' });
      console.log(await safe(api.widgets.list.query()));
      api.widgets.changed.subscribe(undefined, { onData: console.log });`,
  },
  'core and its hooks': {
    budget: 2260,
    source: `
      import { createClient, fetchWithContract, http, onAuthLost, safe } from '@tintype/client';
      const api = createClient(onAuthLost(http, console.log), {
        url: '/trpc',
        fetch: fetchWithContract({}, console.log),
      });
      console.log(await safe(api.widgets.list.query()));
      api.widgets.changed.subscribe(undefined, { onData: console.log });`,
  },
  'core and helpers for TanStack Query': {
    budget: 2600,
    source: `
      import { createClient, http } from '@tintype/client';
      import { createTanstackQuery } from '@tintype/client/react';
      export const api = createTanstackQuery(createClient(http, { url: '/trpc' }));`,
  },
  'core, helpers and hook': {
    budget: 2770,
    source: `
      import { createClient, http } from '@tintype/client';
      import { createTanstackQuery, useSubscription } from '@tintype/client/react';
      export const api = createTanstackQuery(createClient(http, { url: '/trpc' }));
      export { useSubscription };`,
  },
} as const;

test.for(Object.entries(APPLICATIONS))(
  'an application with %s is small',
  async ([name, { budget, source }]) => {
    const { outputFiles } = await build({
      stdin: { contents: source, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
      bundle: true,
      external: ['react', '@tanstack/*'],
      format: 'esm',
      minify: true,
      target: 'es2022',
      write: false,
    });
    const bytes = outputFiles[0]?.contents ?? new Uint8Array();
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    const compressed = brotliCompressSync(bytes, { params }).length;

    console.log(`${name}: ${bytes.length} B minified, ${compressed} B brotli of ${budget} B`);
    expect(compressed).toBeLessThanOrEqual(budget);
  },
);
