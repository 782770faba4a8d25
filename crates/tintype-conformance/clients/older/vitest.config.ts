import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const current = fileURLToPath(new URL('../current/', import.meta.url));

// The same tests with the client of this folder.
export default defineConfig({
  root: current,
  resolve: {
    alias: {
      '@trpc/client': fileURLToPath(new URL('./node_modules/@trpc/client', import.meta.url)),
    },
  },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/conformance-server.ts'],
    testTimeout: 20_000,
    server: { deps: { inline: [/@trpc\/client/] } },
  },
});
