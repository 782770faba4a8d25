import { expect, test } from '@playwright/test';
import { createWidget, expectWidgets, registerQuickly, signIn } from './people';
import { widgetCard } from './widget-card';

test('signing out in one tab tells the other, which finds its way back', async ({
  page,
  context,
}) => {
  const person = await registerQuickly(context);
  const other = await context.newPage();
  await page.goto('/widgets');
  await other.goto('/widgets?tab=other');
  await expectWidgets(page);
  await expectWidgets(other);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out')).toBeVisible();
  await expect(other.getByText('Your session has ended')).toBeVisible();

  await signIn(other, person);
  await expectWidgets(other);
  await expect(other).toHaveURL('/widgets?tab=other');
});

test('a session that is gone leads to the form at the next call', async ({ page, context }) => {
  await registerQuickly(context);
  await page.goto('/widgets');
  await expectWidgets(page);

  await context.clearCookies();
  await page.getByRole('button', { name: 'New widget' }).click();
  await page.getByLabel('Name').fill('clock');
  await page.getByRole('button', { name: 'Create widget' }).click();
  await expect(page.getByText('Your session has ended')).toBeVisible();
});

test('a widget deleted by somebody else cannot be renamed, and the card goes', async ({
  page,
  context,
}) => {
  await registerQuickly(context);
  await createWidget(context, 'clock');
  // Without its stream this window does not hear of the deletion.
  await page.route('**/trpc/widgets.changed*', (route) => route.abort());
  await page.goto('/widgets');
  await page.getByRole('button', { name: 'Rename clock' }).click();
  await page.getByLabel('New name').fill('map');

  const list = await context.request.get('/trpc/widgets.list');
  const [, id] = /"id":"([^"]+)"/.exec(await list.text()) ?? [];
  await context.request.post('/trpc/widgets.delete', { data: { id } });
  await page.getByRole('button', { name: 'Save' }).click();

  await expect(page.getByRole('heading', { name: 'No widgets yet' })).toBeVisible();
});

test('a window that comes to the front notices that nobody is signed in', async ({
  page,
  context,
}) => {
  await registerQuickly(context);
  await page.goto('/widgets');
  await expectWidgets(page);

  await context.clearCookies();
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  await expect(page.getByText('Your session has ended')).toBeVisible();
});

test('a window that comes to the front notices that somebody else is signed in', async ({
  page,
  context,
}) => {
  await registerQuickly(context);
  await createWidget(context, 'secret');
  await page.goto('/widgets');
  await expectWidgets(page);
  await expect(widgetCard(page, 'secret')).toBeVisible();

  await context.clearCookies();
  const other = await registerQuickly(context);
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  await expect(page.getByText(other.tenantName)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'No widgets yet' })).toBeVisible();
  await expect(widgetCard(page, 'secret')).toHaveCount(0);
});
