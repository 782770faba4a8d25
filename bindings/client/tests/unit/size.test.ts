import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** What applications write, and the most bytes that it may add to them. */
const APPLICATIONS = {
  core: {
    // FIXME: it should be at most 2,048 bytes; this keeps it from growing until it is.
    budget: 2900,
    source: `
      import { createClient, http, safe } from '@tintype/client';
      const api = createClient(http, { url: '/trpc' });
      console.log(await safe(api.widgets.list.query()));
      api.widgets.changed.subscribe(undefined, { onData: console.log });`,
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
