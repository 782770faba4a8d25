import { expect, test } from '@playwright/test';
import { register } from './people';
import { widgetCard } from './widget-card';

test('a visit leaves the console clean and the content security policy kept', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (violation) => {
      console.error(`policy: ${violation.violatedDirective} ${violation.blockedURI}`);
    });
  });

  await register(page);
  await page.getByRole('button', { name: 'New widget' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('clock');
  await page.getByLabel('Configuration (JSON)').fill('{"face": "round"}');
  await page.getByRole('button', { name: 'Create widget' }).click();
  await expect(widgetCard(page, 'clock')).toBeVisible();
  await page.getByRole('button', { name: 'Delete clock' }).click();
  await page.getByRole('button', { name: 'Delete widget' }).click();
  await expect(widgetCard(page, 'clock')).toHaveCount(0);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out')).toBeVisible();

  expect(complaints).toEqual([]);
});
