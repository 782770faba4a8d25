import { expect, type Page, test } from '@playwright/test';
import { createWidget, expectWidgets, register, registerQuickly } from './people';
import { widgetCard } from './widget-card';

test('a widget is created, renamed and deleted with the keyboard alone', async ({
  page,
  context,
}) => {
  await registerQuickly(context);
  await page.goto('/widgets');
  await expectWidgets(page);

  await tabTo(page, 'New widget');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Name')).toBeFocused();
  await page.keyboard.type('clock');
  await page.keyboard.press('Enter');
  await expect(widgetCard(page, 'clock')).toBeVisible();
  await expect(page.getByRole('button', { name: 'New widget' })).toBeFocused();

  await tabTo(page, 'Rename clock');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('New name')).toBeFocused();
  await page.keyboard.type('map');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Rename map' })).toBeFocused();

  await tabTo(page, 'Edit config of map');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Edit config of map' })).toBeFocused();

  await tabTo(page, 'Delete map');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await tabTo(page, 'Delete widget');
  await page.keyboard.press('Enter');
  await expect(widgetCard(page, 'map')).toHaveCount(0);
});

test('the first stop of the keyboard leads past the header', async ({ page, context }) => {
  await registerQuickly(context);
  await page.goto('/widgets');
  await expectWidgets(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('no page scrolls sideways, however long the words are', async ({ page, context }) => {
    await page.goto('/login');
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await register(page);
    await expectNoSidewaysScroll(page);

    const word = 'Donaudampfschifffahrt'.repeat(5);
    await createWidget(context, word, { [word]: word });
    await expect(widgetCard(page, word)).toBeVisible();
    await expectNoSidewaysScroll(page);
    await page.getByRole('button', { name: `Edit config of ${word}` }).tap();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expect(page.getByRole('button', { name: 'Save' })).toBeInViewport();
  });
});

test.describe('in the dark', () => {
  test.use({ colorScheme: 'dark' });

  test('the page follows the system, until another theme is chosen and kept', async ({ page }) => {
    await page.goto('/login');
    await expect(page.getByRole('radio', { name: 'As the system' })).toBeChecked();
    await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(20, 17, 14)');

    await page.getByTitle('Light').click();
    await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(233, 226, 213)');
    await page.reload();
    await expect(page.getByRole('radio', { name: 'Light' })).toBeChecked();
    await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(233, 226, 213)');

    await page.getByTitle('As the system').click();
    await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(20, 17, 14)');
  });
});

test('nothing moves for whoever asked for stillness', async ({ page, context }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await registerQuickly(context);
  await createWidget(context, 'clock');
  await page.goto('/widgets');
  const plate = widgetCard(page, 'clock').locator('.plate');
  await expect(plate).toHaveCSS('animation-name', 'none');

  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await expect(plate).toHaveCSS('animation-name', 'develop');
});

/** Presses Tab until the button has the focus; a page without it in the order fails. */
async function tabTo(page: Page, name: string) {
  const button = page.getByRole('button', { name, exact: true });
  await expect(button).toBeVisible();
  for (let presses = 0; presses < 30; presses += 1) {
    if (await button.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(button).toBeFocused();
}

async function expectNoSidewaysScroll(page: Page) {
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth))
    .toBeLessThanOrEqual(0);
}
