import type { PlaywrightTestConfig } from '@playwright/test';

/** What every browser test needs: the browser of the machine, and the server that the set-up started. */
export const browser: NonNullable<PlaywrightTestConfig['use']> = {
  baseURL: process.env.TINTYPE_E2E_URL ?? '',
  locale: 'en-GB',
  timezoneId: 'UTC',
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
};
