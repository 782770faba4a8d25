import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.tsx'],
    globalSetup: ['../current/tests/conformance-server.ts'],
    setupFiles: ['../react/tests/rendering.ts'],
    // Reconnecting takes a browser about three seconds.
    testTimeout: 20_000,
  },
});
