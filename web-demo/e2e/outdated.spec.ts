import { expect, type Locator, type Page, test } from '@playwright/test';
import { createWidget, expectWidgets, registerQuickly } from './people';

const notice = (page: Page) => page.getByRole('status', { name: 'Version' });

/** Lets the server say, with its next answers, that the page is of an older contract. */
async function outdate(page: Page) {
  await page.route('**/trpc/**', async (route) => {
    // An event stream has no end that could be waited for.
    if (route.request().url().includes('widgets.changed')) return route.continue();
    const response = await route.fetch();
    const headers = { ...response.headers(), 'tintype-contract': 'outdated' };
    await route.fulfill({ response, headers });
  });
}

test('a new version is offered without disturbing what somebody is doing, and loaded by a button', async ({
  page,
  context,
}) => {
  await registerQuickly(context);
  await createWidget(context, 'clock');
  await page.goto('/widgets');
  await expectWidgets(page);
  await expect(notice(page)).toBeEmpty();
  await page.getByRole('button', { name: 'Rename clock' }).click();
  const name = page.getByLabel('New name');
  await name.fill('half a na');
  const before = await name.boundingBox();

  await outdate(page);
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  await expect(notice(page)).toContainText('A new version is available');
  await expect(name).toBeFocused();
  await expect(name).toHaveValue('half a na');
  expect(await name.boundingBox()).toEqual(before);

  await page.unroute('**/trpc/**');
  await page.evaluate(() => document.body.setAttribute('data-old', ''));
  await notice(page).getByRole('button', { name: 'Reload' }).click();
  await expect(page.locator('body[data-old]')).toHaveCount(0);
  await expectWidgets(page);
  await expect(notice(page)).toBeEmpty();
});

for (const { layout, address, heading } of [
  { layout: 'the entrance', address: '/login', heading: 'Sign in' },
  {
    layout: 'a page that stands for itself',
    address: '/nowhere',
    heading: 'There is no page here',
  },
]) {
  test(`a new version is offered in ${layout} too`, async ({ page }) => {
    await outdate(page);
    // The way there asks who is signed in.
    await page.goto('/login');
    await expect(notice(page)).toContainText('A new version is available');
    await page.evaluate((to) => window.history.pushState(null, '', to), address);
    await page.evaluate(() => window.dispatchEvent(new PopStateEvent('popstate')));

    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
    await expect(notice(page)).toContainText('A new version is available');
  });
}

test('an announcement is read above the offer of a new version', async ({ page, context }) => {
  await registerQuickly(context);
  await outdate(page);
  await page.goto('/widgets');
  await expectWidgets(page);
  await expect(notice(page)).toContainText('A new version is available');
  await createWidget(context, 'clock');

  const announcement = page.getByText('“clock” was created.');
  await expect(announcement).toBeVisible();
  const edges = async (locator: Locator) => {
    const { y, height } = (await locator.boundingBox()) ?? { y: Number.NaN, height: 0 };
    return { top: y, bottom: y + height };
  };
  const { bottom } = await edges(announcement);
  expect(bottom).toBeGreaterThan(0);
  expect(bottom).toBeLessThanOrEqual((await edges(notice(page))).top);
});
