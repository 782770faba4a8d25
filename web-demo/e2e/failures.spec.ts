import { expect, test } from '@playwright/test';
import { createWidget, expectWidgets, registerQuickly } from './people';
import { widgetCard } from './widget-card';

test('a list that cannot be read says so, and can be tried again', async ({ page, context }) => {
  await registerQuickly(context);
  await createWidget(context, 'clock');
  await page.route('**/trpc/widgets.list*', (route) => route.abort());
  await page.goto('/widgets');
  await expect(page.getByRole('alert')).toContainText('The widgets could not be read');
  await expect(page.getByRole('alert')).toContainText('could not be reached');

  await page.unroute('**/trpc/widgets.list*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(widgetCard(page, 'clock')).toBeVisible();
  await expect(page.getByRole('alert')).toBeHidden();
});

test('plates are shown in development while the list is read', async ({ page, context }) => {
  await registerQuickly(context);
  await createWidget(context, 'clock');
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/trpc/widgets.list*', async (route) => {
    await asked;
    await route.continue();
  });
  await page.goto('/widgets');
  await expect(page.getByRole('status', { name: 'Loading widgets' })).toBeVisible();

  answer();
  await expect(widgetCard(page, 'clock')).toBeVisible();
  await expect(page.getByRole('status', { name: 'Loading widgets' })).toBeHidden();
});

test('a page that cannot ask who is there says so, and can be tried again', async ({
  page,
  context,
}) => {
  await registerQuickly(context);
  await page.route('**/trpc/auth.me*', (route) => route.abort());
  await page.goto('/widgets');
  await expect(page.getByRole('alert')).toContainText('The page could not be opened');

  await page.unroute('**/trpc/auth.me*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expectWidgets(page);
});

test('what happened while the stream was broken is there when it is back', async ({
  page,
  context,
}) => {
  await registerQuickly(context);
  await page.route('**/trpc/widgets.changed*', (route) => route.abort());
  await page.goto('/widgets');
  await expect(page.getByRole('heading', { name: 'No widgets yet' })).toBeVisible();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Connecting…');
  await createWidget(context, 'missed');

  await page.unroute('**/trpc/widgets.changed*');
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
  await expect(widgetCard(page, 'missed')).toBeVisible();
});

test('a rename that does not arrive is taken back and explained', async ({ page, context }) => {
  await registerQuickly(context);
  await createWidget(context, 'clock');
  await page.goto('/widgets');
  await page.route('**/trpc/widgets.update*', (route) => route.abort());
  await page.getByRole('button', { name: 'Rename clock' }).click();
  await page.getByLabel('New name').fill('map');
  await page.getByRole('button', { name: 'Save' }).click();

  await expect(page.getByRole('alert')).toContainText('could not be reached');
  await expect(widgetCard(page, 'clock')).toBeVisible();
  await page.unroute('**/trpc/widgets.update*');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(widgetCard(page, 'map')).toBeVisible();
});

test('a deletion that fails is explained in its dialog', async ({ page, context }) => {
  await registerQuickly(context);
  await createWidget(context, 'clock');
  await page.goto('/widgets');
  await page.route('**/trpc/widgets.delete*', (route) => route.abort());
  await page.getByRole('button', { name: 'Delete clock' }).click();
  await page.getByRole('button', { name: 'Delete widget' }).click();
  await expect(page.getByRole('alert')).toContainText('The widget was not deleted');

  await page.unroute('**/trpc/widgets.delete*');
  await page.getByRole('button', { name: 'Delete widget' }).click();
  await expect(widgetCard(page, 'clock')).toHaveCount(0);
});

test('an answer that is older than an event does not undo it', async ({ page, context }) => {
  await registerQuickly(context);
  for (let n = 1; n <= 26; n += 1) await createWidget(context, `widget ${n}`);
  await page.goto('/widgets');
  await expectWidgets(page);
  await expect(page.getByRole('article')).toHaveCount(24);

  let answer = () => {};
  const released = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/trpc/widgets.list*', async (route) => {
    const response = await route.fetch();
    await released;
    await route.fulfill({ response });
  });
  await page.getByRole('button', { name: 'Load more' }).click();
  await expect(page.getByRole('button', { name: 'Loading…' })).toBeVisible();
  await createWidget(context, 'meanwhile');
  await expect(widgetCard(page, 'meanwhile')).toBeVisible();

  answer();
  await expect(page.getByRole('article')).toHaveCount(27);
  await expect(widgetCard(page, 'meanwhile')).toBeVisible();
});

test('a place in the list that the server does not know leads back to the newest', async ({
  page,
  context,
}) => {
  await registerQuickly(context);
  for (let n = 1; n <= 26; n += 1) await createWidget(context, `widget ${n}`);
  await page.goto('/widgets');
  await expectWidgets(page);
  await expect(page.getByRole('article')).toHaveCount(24);

  await page.route('**/trpc/widgets.list*', async (route) => {
    const url = new URL(route.request().url());
    const input = url.searchParams.get('input') ?? '';
    url.searchParams.set('input', input.replace(/"cursor":"[^"]*"/, '"cursor":"long gone"'));
    await route.continue({ url: url.href });
  });
  await page.getByRole('button', { name: 'Load more' }).click();
  await expect(page.getByRole('alert')).toContainText('The list cannot go on from here');
  await expect(page.getByRole('article')).toHaveCount(24);

  await page.unroute('**/trpc/widgets.list*');
  await page.getByRole('button', { name: 'Start from the newest' }).click();
  await expect(page.getByRole('alert')).toBeHidden();
  await page.getByRole('button', { name: 'Load more' }).click();
  await expect(page.getByRole('article')).toHaveCount(26);
});
