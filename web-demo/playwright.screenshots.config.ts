import { defineConfig } from '@playwright/test';
import { browser } from './e2e/browser';

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

export default defineConfig({
  testDir: './e2e',
  testMatch: '*.screenshots.ts',
  globalSetup: './e2e/global-setup.ts',
  outputDir: './test-results/screenshots-run',
  workers: 2,
  fullyParallel: true,
  reporter: [['list']],
  expect: { timeout: 10_000 },
  use: { ...browser, contextOptions: { reducedMotion: 'reduce' } },
  projects: [
    { name: 'desktop-light', use: { viewport: desktop, colorScheme: 'light' } },
    { name: 'desktop-dark', use: { viewport: desktop, colorScheme: 'dark' } },
    { name: 'phone-light', use: { viewport: phone, colorScheme: 'light', hasTouch: true } },
    { name: 'phone-dark', use: { viewport: phone, colorScheme: 'dark', hasTouch: true } },
  ],
});
