import { expect, test } from '@playwright/test';
import { createWidget, expectWidgets, registerQuickly } from './people';
import { widgetCard } from './widget-card';

test.beforeEach(async ({ page, context }) => {
  await registerQuickly(context);
  await page.goto('/widgets');
  await expectWidgets(page);
});

test('an empty workspace invites to create the first widget', async ({ page }) => {
  await page.getByRole('button', { name: 'Create the first widget' }).click();
  await page.getByLabel('Name').fill('clock');
  await page.getByRole('button', { name: 'Create widget' }).click();

  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(widgetCard(page, 'clock')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'No widgets yet' })).toBeHidden();
});

test('a second window sees what is created, renamed, configured and deleted', async ({
  page,
  context,
}) => {
  const other = await context.newPage();
  await other.goto('/widgets');
  await expectWidgets(other);

  await page.getByRole('button', { name: 'New widget' }).click();
  await page.getByLabel('Name').fill('clock');
  await page.getByLabel('Configuration (JSON)').fill('{"face": "round"}');
  await page.getByRole('button', { name: 'Create widget' }).click();
  await expect(widgetCard(page, 'clock')).toContainText('"round"');
  await expect(widgetCard(other, 'clock')).toContainText('"round"');
  await expect(other.getByRole('status', { name: 'Latest change' })).toHaveText(
    '“clock” was created.',
  );

  await page.getByRole('button', { name: 'Rename clock' }).click();
  await page.getByLabel('New name').fill('station clock');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(widgetCard(page, 'station clock')).toBeVisible();
  await expect(widgetCard(other, 'station clock')).toBeVisible();
  await expect(widgetCard(other, 'clock')).toHaveCount(0);

  await page.getByRole('button', { name: 'Edit config of station clock' }).click();
  await page.getByLabel('Configuration (JSON)').fill('{"face": "square", "hands": 3}');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(widgetCard(other, 'station clock')).toContainText('"square"');

  await page.getByRole('button', { name: 'Delete station clock' }).click();
  await page.getByRole('button', { name: 'Delete widget' }).click();
  await expect(widgetCard(page, 'station clock')).toHaveCount(0);
  await expect(widgetCard(other, 'station clock')).toHaveCount(0);
  await expect(other.getByRole('heading', { name: 'No widgets yet' })).toBeVisible();
});

test('what was done survives a reload', async ({ page }) => {
  await page.getByRole('button', { name: 'New widget' }).click();
  await page.getByLabel('Name').fill('map');
  await page.getByLabel('Configuration (JSON)').fill('{"zoom": 7}');
  await page.getByRole('button', { name: 'Create widget' }).click();
  await expect(widgetCard(page, 'map')).toBeVisible();

  await page.reload();
  await expect(widgetCard(page, 'map')).toContainText('7');
});

test('deleting asks first, and can be left', async ({ page, context }) => {
  await createWidget(context, 'clock');
  await page.getByRole('button', { name: 'Delete clock' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Delete clock?' });
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await dialog.getByRole('button', { name: 'Keep it' }).click();

  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Delete clock' })).toBeFocused();
  await expect(widgetCard(page, 'clock')).toBeVisible();
});

test('after a deletion the focus goes to the heading', async ({ page, context }) => {
  await createWidget(context, 'clock');
  await page.getByRole('button', { name: 'Delete clock' }).click();
  await page.getByRole('button', { name: 'Delete widget' }).click();

  await expect(page.getByRole('alertdialog')).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Widgets', exact: true })).toBeFocused();
});

test('the focus goes to the heading too when a deletion is heard before it is answered', async ({
  page,
  context,
}) => {
  await createWidget(context, 'clock');
  let answer = () => {};
  const isHeard = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/trpc/widgets.delete*', async (route) => {
    const response = await route.fetch();
    await isHeard;
    await route.fulfill({ response });
  });
  await page.getByRole('button', { name: 'Delete clock' }).click();
  await page.getByRole('button', { name: 'Delete widget' }).click();

  await expect(widgetCard(page, 'clock')).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Widgets', exact: true })).toBeFocused();
  answer();
});

test('a configuration is checked while it is typed', async ({ page, context }) => {
  await createWidget(context, 'clock');
  await page.getByRole('button', { name: 'Edit config of clock' }).click();
  const config = page.getByLabel('Configuration (JSON)');
  const save = page.getByRole('button', { name: 'Save' });
  await expect(config).toHaveAccessibleDescription('Valid, 2 bytes.');

  await config.fill('{\n  "face": round\n}');
  await expect(config).toHaveAccessibleDescription(/not JSON yet/);
  await expect(save).toHaveAttribute('aria-disabled', 'true');
  await config.fill('[1, 2]');
  await expect(config).toHaveAccessibleDescription(/is an object/);
  await config.fill(`{"a": "${'x'.repeat(20_000)}"}`);
  await save.click();
  await expect(config).toHaveAccessibleDescription(/^Too large: 20008 bytes/);
  await expect(config).toBeFocused();
  await config.fill('{"a": 1}');
  await expect(config).toHaveAccessibleDescription('Valid, 7 bytes.');

  await config.fill('{"face":"round"}');
  await page.getByRole('button', { name: 'Format' }).click();
  await expect(config).toHaveValue('{\n  "face": "round"\n}');
  await save.click();
  await expect(widgetCard(page, 'clock')).toContainText('"round"');
});

test('a configuration that somebody else changed meanwhile is not replaced unseen', async ({
  page,
  context,
}) => {
  await createWidget(context, 'clock');
  const other = await context.newPage();
  await other.goto('/widgets');
  await other.getByRole('button', { name: 'Edit config of clock' }).click();

  await page.getByRole('button', { name: 'Edit config of clock' }).click();
  await page.getByLabel('Configuration (JSON)').fill('{"face": "round"}');
  await page.getByRole('button', { name: 'Save' }).click();

  await expect(other.getByText('It was changed in another window')).toBeVisible();
  await other.getByRole('button', { name: 'Load that version' }).click();
  await expect(other.getByLabel('Configuration (JSON)')).toHaveValue('{\n  "face": "round"\n}');
  await expect(other.getByText('It was changed in another window')).toBeHidden();
});

test('a name that breaks a rule is explained where it is typed', async ({ page, context }) => {
  await createWidget(context, 'clock');
  await page.getByRole('button', { name: 'Rename clock' }).click();
  const name = page.getByLabel('New name');
  await name.fill('x'.repeat(121));
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(name).toHaveAccessibleDescription('Too long: at most 120.');
  await expect(name).toBeFocused();
  await name.fill('   ');
  await expect(name).toHaveAccessibleDescription('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(name).toHaveAccessibleDescription('Must not be blank.');
  await expect(name).toBeFocused();

  await name.press('Escape');
  await expect(widgetCard(page, 'clock')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Rename clock' })).toBeFocused();

  await page.getByRole('button', { name: 'New widget' }).click();
  await page.getByRole('button', { name: 'Create widget' }).click();
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription('Must not be empty.');
  await page.getByLabel('Name').fill('   ');
  await page.getByRole('button', { name: 'Create widget' }).click();
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription('Must not be blank.');
  await expect(page.getByLabel('Name')).toBeFocused();

  await page.getByLabel('Name').fill('map');
  const config = page.getByLabel('Configuration (JSON)');
  await config.fill(`{"a": "${'x'.repeat(20_000)}"}`);
  await page.getByRole('button', { name: 'Create widget' }).click();
  await expect(config).toHaveAccessibleDescription(/^Too large: 20008 bytes/);
  await expect(config).toBeFocused();
});

test('long lists come page by page, each widget once', async ({ page, context }) => {
  const names = Array.from({ length: 30 }, (_, n) => `widget ${n + 1}`);
  for (const name of names) await createWidget(context, name);

  await page.reload();
  await expect(page.getByRole('article')).toHaveCount(24);
  await page.getByRole('button', { name: 'Load more' }).click();
  await expect(page.getByRole('article')).toHaveCount(30);
  await expect(page.getByRole('button', { name: 'Load more' })).toBeHidden();
  const shown = page.getByRole('article').getByRole('heading');
  await expect(shown).toHaveText(names.toReversed());
});
