import { defineConfig } from 'vitest/config';

const SERVER_RENDERING = 'tests/react/server-rendering.test.tsx';

const conformanceServer =
  '../../crates/tintype-conformance/clients/current/tests/conformance-server.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts', 'tests/react/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['tests/conformance/**/*.test.ts', SERVER_RENDERING],
          globalSetup: [conformanceServer],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'react',
          include: ['tests/react/*.test.tsx'],
          exclude: [SERVER_RENDERING],
          globalSetup: [conformanceServer],
          setupFiles: ['tests/react/rendering.ts'],
          testTimeout: 20_000,
        },
      },
    ],
  },
});
