import { defineConfig } from '@playwright/test';
import { browser } from './e2e/browser';

export default defineConfig({
  testDir: './e2e',
  testMatch: '*.spec.ts',
  globalSetup: './e2e/global-setup.ts',
  outputDir: './test-results/e2e',
  fullyParallel: true,
  workers: 2,
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
  expect: { timeout: 10_000 },
  use: { ...browser, trace: 'retain-on-failure' },
});
