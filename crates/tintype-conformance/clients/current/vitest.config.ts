import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/conformance-server.ts'],
    // Reconnecting takes a browser about three seconds.
    testTimeout: 20_000,
  },
});
