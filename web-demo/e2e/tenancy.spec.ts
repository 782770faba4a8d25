import { expect, test } from '@playwright/test';
import { createWidget, expectWidgets, registerQuickly } from './people';
import { widgetCard } from './widget-card';

test('a second tenant sees nothing of the first, neither in the list nor live', async ({
  browser,
  page,
  context,
}) => {
  await registerQuickly(context);
  await createWidget(context, 'before');
  const otherContext = await browser.newContext();
  await registerQuickly(otherContext);
  const other = await otherContext.newPage();
  await page.goto('/widgets');
  await other.goto('/widgets');
  await expectWidgets(page);
  await expectWidgets(other);
  await expect(other.getByRole('heading', { name: 'No widgets yet' })).toBeVisible();

  await createWidget(context, 'during');
  await expect(widgetCard(page, 'during')).toBeVisible();
  // An event of their own shows that whatever came before it has arrived.
  await createWidget(otherContext, 'theirs');
  await expect(other.getByRole('article')).toHaveCount(1);
  await expect(widgetCard(other, 'theirs')).toBeVisible();

  await other.reload();
  await expect(widgetCard(other, 'theirs')).toBeVisible();
  await expect(other.getByRole('article')).toHaveCount(1);
  await otherContext.close();
});

test('the next person at the same browser sees nothing of the one before', async ({
  page,
  context,
}) => {
  await registerQuickly(context);
  await createWidget(context, 'secret');
  await page.goto('/widgets');
  await expect(widgetCard(page, 'secret')).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out')).toBeVisible();

  await registerQuickly(context);
  await page.goto('/widgets');
  await expect(page.getByRole('heading', { name: 'No widgets yet' })).toBeVisible();
});
