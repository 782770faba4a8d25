import { expect, type Page, test } from '@playwright/test';
import type { ValidationIssue } from '@tintype/client';
import { sentence } from '../src/components/failure';
import { expectWidgets, register, registerQuickly, signIn, somebody } from './people';

test('somebody registers and arrives in an empty workspace', async ({ page }) => {
  const person = await register(page);

  await expect(page.getByText(person.tenantName)).toBeVisible();
  await expect(page.getByText(person.email)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'No widgets yet' })).toBeVisible();
});

test('a protected page refuses, and is shown after signing in', async ({ page, context }) => {
  const person = await registerQuickly(context);
  await context.clearCookies();

  await page.goto('/widgets?from=letter');
  await expect(page).toHaveURL(/\/login\?/);
  await expect(page.getByText('Sign in first')).toBeVisible();
  await signIn(page, person);

  await expectWidgets(page);
  await expect(page).toHaveURL('/widgets?from=letter');
});

test('somebody who registers on the way is led to the page they wanted', async ({ page }) => {
  await page.goto('/widgets?from=letter');
  await page.getByRole('link', { name: 'Create a workspace' }).click();
  const person = somebody();
  await page.getByLabel('Workspace name').fill(person.tenantName);
  await page.getByLabel('E-mail address').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Create workspace' }).click();

  await expectWidgets(page);
  await expect(page).toHaveURL('/widgets?from=letter');
});

test('another site cannot be the page after signing in', async ({ page, context, baseURL }) => {
  const person = await registerQuickly(context);
  await context.clearCookies();

  await page.goto('/login?next=%22%2F%2Fexample.com%22');
  await signIn(page, person);

  await expectWidgets(page);
  expect(new URL(page.url()).origin).toBe(baseURL);
});

test('signing out leads to the form, and the workspace is closed', async ({ page }) => {
  await register(page);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out')).toBeVisible();

  await page.goto('/widgets');
  await expect(page).toHaveURL(/\/login\?/);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('somebody who is signed in is not asked to sign in', async ({ page, context }) => {
  await registerQuickly(context);
  await page.goto('/login');
  await expectWidgets(page);
});

test('an address that is taken leads to signing in with it', async ({ page, context }) => {
  const person = await registerQuickly(context);
  await context.clearCookies();

  await page.goto('/register');
  await page.getByLabel('Workspace name').fill('Another');
  await page.getByLabel('E-mail address').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill('something else');
  await page.getByRole('button', { name: 'Create workspace' }).click();
  await expect(page.getByRole('alert')).toContainText(`${person.email} has an account`);
  await expect(page.getByLabel('E-mail address')).toBeFocused();

  await page.getByRole('link', { name: 'Sign in with this address' }).click();
  // Both forms have a field of this name.
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByLabel('E-mail address')).toHaveValue(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expectWidgets(page);
});

test('a wrong password is explained, and the right one works', async ({ page, context }) => {
  const person = await registerQuickly(context);
  await context.clearCookies();

  await page.goto('/login');
  await signIn(page, { ...person, password: 'not this one' });
  await expect(page.getByRole('alert')).toContainText('E-mail address or password is wrong');
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();

  await signIn(page, person);
  await expectWidgets(page);
});

test('a broken rule is said at its field, in the words of the server, before anything is sent', async ({
  page,
  context,
}) => {
  const broken = {
    tenantName: 'x'.repeat(121),
    name: 'x'.repeat(121),
    email: 'nobody',
    password: 'short',
  };
  const refused = await context.request.post('/trpc/auth.register', { data: broken });
  const { error } = await refused.json();
  const issues: ValidationIssue[] = error.data.validation;
  const words = (field: string) => issues.find(({ path }) => path[0] === field)?.message ?? '';
  const sent = registrations(page);

  await page.goto('/register');
  const fields = [
    ['Workspace name', 'tenantName'],
    ['Your name', 'name'],
    ['E-mail address', 'email'],
    ['Password', 'password'],
  ] as const;
  for (const [label, field] of fields) {
    await page.getByLabel(label, { exact: true }).fill(broken[field]);
  }
  await page.getByRole('button', { name: 'Create workspace' }).click();

  for (const [label, field] of fields) {
    const message = sentence(words(field));
    await expect(page.getByLabel(label, { exact: true })).toHaveAccessibleDescription(message);
  }
  await expect(page.getByLabel('Workspace name')).toBeFocused();
  expect(sent).toEqual([]);
});

test('what only the server knows is said at the same field', async ({ page }) => {
  const sent = registrations(page);
  await page.goto('/register');
  const workspace = page.getByLabel('Workspace name');
  await workspace.fill('   ');
  await page.getByLabel('E-mail address').fill(somebody().email);
  await page.getByLabel('Password', { exact: true }).fill('long enough');
  await page.getByRole('button', { name: 'Create workspace' }).click();

  await expect(workspace).toHaveAccessibleDescription('Must not be blank.');
  await expect(workspace).toBeFocused();
  await expect(page).toHaveURL(/\/register/);
  await expect(page.getByRole('alert')).toBeHidden();
  expect(sent).toHaveLength(1);

  await workspace.fill('Studio');
  await expect(workspace).toHaveAccessibleDescription('');
});

test('what is left empty is said before anything is sent', async ({ page }) => {
  await page.goto('/register');
  await page.getByRole('button', { name: 'Create workspace' }).click();
  const empty = 'Must not be empty.';
  await expect(page.getByLabel('Workspace name')).toHaveAccessibleDescription(empty);
  await expect(page.getByLabel('Your name')).toHaveAccessibleDescription('Optional.');
  await expect(page.getByLabel('E-mail address')).toHaveAccessibleDescription(empty);
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(
    'Too short: at least 8.',
  );

  await page.goto('/login');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByLabel('E-mail address')).toHaveAccessibleDescription(empty);
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(empty);
});

test('a name of blanks is left out', async ({ page }) => {
  await page.goto('/register');
  await page.getByLabel('Your name').fill('  ');
  await page.getByLabel('Workspace name').fill('Studio');
  await page.getByLabel('E-mail address').fill(somebody().email);
  await page.getByLabel('Password', { exact: true }).fill('long enough');
  await page.getByRole('button', { name: 'Create workspace' }).click();

  await expectWidgets(page);
});

test('a password can be looked at', async ({ page }) => {
  await page.goto('/login');
  const password = page.getByLabel('Password', { exact: true });
  await password.fill('open sesame');
  await expect(password).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: 'Show password' }).click();
  await expect(password).toHaveAttribute('type', 'text');
});

test('an address that no page has is said to have none', async ({ page }) => {
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { name: 'There is no page here' })).toBeVisible();
});

/** The registrations that a page sends. */
function registrations(page: Page): string[] {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('auth.register')) sent.push(request.url());
  });
  return sent;
}
