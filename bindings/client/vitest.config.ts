import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['tests/conformance/**/*.test.ts'],
          globalSetup: [
            '../../crates/tintype-conformance/clients/current/tests/conformance-server.ts',
          ],
          testTimeout: 20_000,
        },
      },
    ],
  },
});
