import { expect, test } from '@playwright/test';
import { createWidget, expectWidgets, registerQuickly } from './people';
import { shoot } from './shoot';
import { widgetCard } from './widget-card';

const widgets: ReadonlyArray<[string, object]> = [
  ['Departure board', { station: 'Basel SBB', rows: 8, refreshSeconds: 30 }],
  ['Weather', { place: 'Reykjavík', units: 'metric' }],
  ['Harbour camera', { url: 'rtsp://camera.local/1', night: true, zoom: 2.5, mirror: false }],
  ['Guest book', {}],
  ['Station clock', { face: 'round', hands: 3 }],
  ['Coffee fund', { balance: 1250, currency: 'CHF' }],
  ['A widget with a name that is rather long and needs more than one line', { note: 'x' }],
];

const details = { tenantName: 'Atelier Ferrier', name: 'Ada Ferrier' };

test('login', async ({ page }) => {
  await page.goto('/login');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await shoot(page, 'login');
});

test('login refused', async ({ page }) => {
  await page.goto('/login');
  await page.getByLabel('E-mail address').fill('ada@example.com');
  await page.getByLabel('Password', { exact: true }).fill('wrong horse');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await shoot(page, 'login-refused');
});

test('register', async ({ page }) => {
  await page.goto('/register');
  await expect(page.getByRole('heading', { name: 'Create a workspace' })).toBeVisible();
  await shoot(page, 'register');
});

test('login left empty', async ({ page }) => {
  await page.goto('/login');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByLabel('E-mail address')).toHaveAccessibleDescription(/empty/);
  await shoot(page, 'login-empty');
});

test('register with broken rules', async ({ page }) => {
  await page.goto('/register');
  await page.getByLabel('Workspace name').fill('x'.repeat(121));
  await page.getByLabel('E-mail address').fill('nobody');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create workspace' }).click();
  await expect(page.getByLabel('Workspace name')).toHaveAccessibleDescription(/at most 120/);
  await shoot(page, 'register-broken');
});

test('register refused by the server', async ({ page }) => {
  await page.goto('/register');
  await page.getByLabel('Workspace name').fill('  ');
  await page.getByLabel('E-mail address').fill('nobody@example.com');
  await page.getByLabel('Password', { exact: true }).fill('long enough');
  await page.getByRole('button', { name: 'Create workspace' }).click();
  await expect(page.getByLabel('Workspace name')).toHaveAccessibleDescription(/blank/);
  await shoot(page, 'register-refused');
});

test('dialogs and rename with errors', async ({ page, context }) => {
  await registerQuickly(context, details);
  for (const [name, config] of widgets) await createWidget(context, name, config);
  await page.goto('/widgets');
  await expectWidgets(page);

  await page.getByRole('button', { name: 'New widget' }).click();
  await page.getByRole('button', { name: 'Create widget' }).click();
  const name = page.getByRole('textbox', { name: 'Name' });
  await expect(name).toHaveAccessibleDescription(/empty/);
  await shoot(page, 'dialog-new-broken', 'window');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Edit config of Station clock' }).click();
  const config = page.getByLabel('Configuration (JSON)');
  await config.fill(`{"text": "${'x'.repeat(20_000)}"}`);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(config).toHaveAccessibleDescription(/at most/);
  await shoot(page, 'dialog-config-refused', 'window');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Rename Coffee fund' }).click();
  await page.getByLabel('New name').fill('x'.repeat(121));
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByLabel('New name')).toHaveAccessibleDescription(/at most/);
  await shoot(page, 'rename-broken', 'window');
});

test('empty', async ({ page, context }) => {
  await registerQuickly(context, details);
  await page.goto('/widgets');
  await expectWidgets(page);
  await expect(page.getByRole('heading', { name: 'No widgets yet' })).toBeVisible();
  await shoot(page, 'empty');
});

test('widgets and dialogs', async ({ page, context }) => {
  await registerQuickly(context, details);
  for (const [name, config] of widgets) await createWidget(context, name, config);
  await page.goto('/widgets');
  await expectWidgets(page);
  await expect(page.getByRole('article')).toHaveCount(widgets.length);
  await shoot(page, 'widgets');

  await page.getByRole('button', { name: 'Edit config of Station clock' }).click();
  await page.getByLabel('Configuration (JSON)').fill('{\n  "face": "round"\n  "hands": 3\n}');
  await shoot(page, 'dialog-config', 'window');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'New widget' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Tide table');
  await shoot(page, 'dialog-new', 'window');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Delete Station clock' }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await shoot(page, 'dialog-delete', 'window');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Rename Coffee fund' }).click();
  await createWidget(context, 'Tide table', { harbour: 'Oban' });
  await expect(widgetCard(page, 'Tide table')).toBeVisible();
  await shoot(page, 'rename-and-live', 'window');
});

test('loading and error', async ({ page, context }) => {
  await registerQuickly(context, details);
  let refuse = () => {};
  const waiting = new Promise<void>((resolve) => {
    refuse = resolve;
  });
  await page.route('**/trpc/widgets.list*', async (route) => {
    await waiting;
    await route.abort();
  });
  await page.goto('/widgets');
  await expect(page.getByRole('status', { name: 'Loading widgets' })).toBeVisible();
  await shoot(page, 'loading');

  refuse();
  await expect(page.getByRole('alert')).toBeVisible();
  await shoot(page, 'error');
});

test('outdated', async ({ page, context }) => {
  await page.route('**/trpc/auth.me*', async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers(), 'tintype-contract': 'outdated' };
    await route.fulfill({ response, headers });
  });
  await page.goto('/login');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByText('A new version is available')).toBeVisible();
  await shoot(page, 'outdated-login', 'window');

  await registerQuickly(context, details);
  for (const [name, config] of widgets) await createWidget(context, name, config);
  await page.goto('/widgets');
  await expectWidgets(page);
  await expect(page.getByText('A new version is available')).toBeVisible();
  await createWidget(context, 'Tide table', { harbour: 'Oban' });
  await expect(widgetCard(page, 'Tide table')).toBeVisible();
  await shoot(page, 'outdated-and-live', 'window');
});

test('session ended', async ({ page }) => {
  await page.goto('/login?reason=ended');
  await expect(page.getByText('Your session has ended')).toBeVisible();
  await shoot(page, 'session-ended');
});

test('not found', async ({ page }) => {
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { name: 'There is no page here' })).toBeVisible();
  await shoot(page, 'not-found');
});

test('meetings without a media server', async ({ page, context }) => {
  await registerQuickly(context, { tenantName: 'Atelier Ferrier', name: 'Ada Ferrier' });
  const answer = await context.request.post('/trpc/meetings.create', {
    data: { title: 'Monday at the studio' },
  });
  const { id } = (await answer.json()).result.data;
  await page.goto('/meetings');
  await expect(page.getByText('Calls are not set up')).toBeVisible();
  await shoot(page, 'meetings-without-calls');
  await page.goto(`/meetings/${id}`);
  await expect(page.getByText('Calls are not set up')).toBeVisible();
  await shoot(page, 'meeting-without-calls');
});
