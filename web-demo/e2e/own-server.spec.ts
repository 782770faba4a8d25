import { expect } from '@playwright/test';
import { test } from './own-server';
import { createWidget, expectWidgets, registerQuickly, signIn, somebody } from './people';
import { widgetCard } from './widget-card';

test('too many attempts are explained, with the time to wait', async ({ browser, ownServer }) => {
  const { url } = await ownServer.start({ environment: { TINTYPE_ACCOUNT_ATTEMPTS: '1' } });
  await using context = await browser.newContext({ baseURL: url });
  const page = await context.newPage();
  const person = somebody();

  await page.goto('/login');
  await signIn(page, person);
  await expect(page.getByRole('alert')).toContainText('E-mail address or password is wrong');
  await signIn(page, person);
  await expect(page.getByRole('alert')).toContainText('Too many attempts');
  await expect(page.getByRole('alert')).toContainText(/in \d+ s\./);
  await expect(page.getByRole('button', { name: 'Try again' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
});

test('a window goes live again when the server is back', async ({ browser, ownServer }) => {
  const first = await ownServer.start();
  await using context = await browser.newContext({ baseURL: first.url });
  await registerQuickly(context);
  const page = await context.newPage();
  await page.goto('/widgets');
  await expectWidgets(page);

  await first.stop();
  const connection = page.getByRole('status', { name: 'Connection' });
  await expect(connection).toHaveText('Reconnecting…');
  await ownServer.start({ port: new URL(first.url).port });
  await expect(connection).toHaveText('Live', { timeout: 20_000 });
  await createWidget(context, 'after the restart');
  await expect(widgetCard(page, 'after the restart')).toBeVisible();
});
