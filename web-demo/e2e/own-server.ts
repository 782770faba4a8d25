import { test as base } from '@playwright/test';
import { type ServerProcess, startServer } from './server-process';
import { workbench } from './workbench';

type StartOptions = { port?: string; environment?: Record<string, string> };

type OwnServer = {
  /** Starts a server of the test's own; a second one goes on with the data of the first. */
  start: (options?: StartOptions) => Promise<ServerProcess>;
};

/** A test that starts servers itself; those it leaves running are stopped after it. */
export const test = base.extend<{ ownServer: OwnServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the pattern to see what a fixture needs
  ownServer: async ({}, use) => {
    const { binary, dataDirectory, clear } = await workbench();
    const running = new Set<ServerProcess>();
    await use({
      start: async (options = {}) => {
        const server = await startServer({ binary, dataDirectory, ...options });
        const tracked = {
          url: server.url,
          stop: async () => {
            running.delete(tracked);
            await server.stop();
          },
        };
        running.add(tracked);
        return tracked;
      },
    });
    for (const server of running) await server.stop();
    await clear();
  },
});
