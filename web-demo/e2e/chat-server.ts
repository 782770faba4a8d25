import { test as base } from '@playwright/test';
import { type Provider, startProvider } from './provider';
import { startServer } from './server-process';
import { workbench } from './workbench';

type ChatServer = { url: string; provider: Provider };

/** A test on a server whose answers it writes; tests of one worker share it, and ask different questions. */
export const test = base.extend<{ provider: Provider }, { chatServer: ChatServer }>({
  chatServer: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the pattern to see what a fixture needs
    async ({}, use) => {
      const provider = await startProvider();
      const { binary, dataDirectory, clear } = await workbench();
      const environment = {
        OPENAI_BASE_URL: provider.url,
        OPENAI_API_KEY: 'sk-of-the-test',
        TINTYPE_AI_RETRIES: '0',
        TINTYPE_AI_FAILURES: '1000',
      };
      const server = await startServer({ binary, dataDirectory, environment });
      await use({ url: server.url, provider });
      await server.stop();
      await provider.stop();
      await clear();
    },
    { scope: 'worker' },
  ],
  provider: async ({ chatServer }, use) => use(chatServer.provider),
  baseURL: async ({ chatServer }, use) => use(chatServer.url),
});
