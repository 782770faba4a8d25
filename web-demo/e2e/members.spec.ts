import { type Browser, expect, type Page, test } from '@playwright/test';
import { expectWidgets, type Person, registerQuickly, signIn, somebody } from './people';
import { widgetCard } from './widget-card';

/** A window of a browser that shares nothing with the others. */
async function anotherBrowser(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  return context.newPage();
}

/** Invites somebody on the page of members, and returns the link. */
async function invite(page: Page, email: string, role = 'Member'): Promise<string> {
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('radio', { name: role }).check();
  await page.getByRole('button', { name: 'Make a link' }).click();
  await expect(page.getByRole('heading', { name: `${email} is invited` })).toBeFocused();
  const link = await page.getByLabel('Link').inputValue();
  await page.getByRole('button', { name: 'Done' }).click();
  return link;
}

/** Accepts an invitation through the form. */
async function join(page: Page, link: string, person: Person) {
  await page.goto(link);
  await page.getByLabel('Your name').fill(person.name ?? '');
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Join' }).click();
  await expectWidgets(page);
}

/** The row of a member. */
function memberRow(page: Page, name: string) {
  return page
    .getByRole('list', { name: 'Members' })
    .getByRole('listitem')
    .filter({ hasText: name });
}

async function openMembers(page: Page) {
  await page.getByRole('link', { name: 'Members' }).click();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
}

test('who is invited joins, sees the same widgets live, and is out when removed', async ({
  page,
  context,
  browser,
}) => {
  // A whole story, in two browsers.
  test.slow();
  const ada = await registerQuickly(context, { name: 'Ada' });
  await page.goto('/members');
  await expect(page.getByText('You are alone here.')).toBeVisible();
  await expect(page.getByText('Nobody is invited.')).toBeVisible();
  const grace = { ...somebody(), name: 'Grace' };
  const link = await invite(page, grace.email);
  await expect(page.getByRole('list', { name: 'Open invitations' })).toContainText(grace.email);

  const hers = await anotherBrowser(browser);
  await hers.goto(link);
  await expect(hers.getByRole('heading', { name: `Join ${ada.tenantName}` })).toBeFocused();
  await expect(hers.getByLabel('E-mail address')).toHaveValue(grace.email);
  await join(hers, link, grace);
  expect(hers.url()).not.toContain('token');

  // The owner's page has heard of it.
  await expect(memberRow(page, 'Grace').getByRole('combobox')).toHaveValue('member');
  await expect(page.getByText('Nobody is invited.')).toBeVisible();

  // Both see what one of them does.
  await page.getByRole('link', { name: 'Widgets', exact: true }).click();
  await expectWidgets(page);
  await hers.getByRole('button', { name: 'New widget' }).click();
  await hers.getByLabel('Name').fill('of grace');
  await hers.getByRole('button', { name: 'Create widget' }).click();
  await expect(widgetCard(page, 'of grace')).toBeVisible();

  // A member reads the list and changes nothing in it.
  await openMembers(hers);
  await expect(memberRow(hers, 'Ada')).toContainText('Owner');
  await expect(memberRow(hers, 'Grace (you)')).toContainText('Member');
  await expect(hers.getByRole('button', { name: /Invite|Remove/ })).toHaveCount(0);
  await expect(hers.getByRole('combobox')).toHaveCount(0);

  await openMembers(page);
  await page.getByRole('button', { name: 'Remove Grace' }).click();
  await page.getByRole('button', { name: 'Remove member' }).click();
  await expect(memberRow(page, 'Grace')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Members', exact: true })).toBeFocused();
  await expect(hers.getByText('Your session has ended')).toBeVisible();
  await signIn(hers, grace);
  await expect(hers.getByText('E-mail address or password is wrong')).toBeVisible();
});

test('a role changes in the window of whoever has it, and an owner stays', async ({
  page,
  context,
  browser,
}) => {
  await registerQuickly(context, { name: 'Ada' });
  await page.goto('/members');
  const grace = { ...somebody(), name: 'Grace' };
  const link = await invite(page, grace.email);
  const hers = await anotherBrowser(browser);
  await join(hers, link, grace);
  await openMembers(hers);

  await page.getByLabel('Role of Ada').selectOption('Member');
  await expect(page.getByRole('alert')).toContainText('Somebody has to own the workspace');
  await expect(page.getByLabel('Role of Ada')).toHaveValue('owner');

  await page.getByLabel('Role of Grace').selectOption('Owner');
  await expect(hers.getByRole('button', { name: 'Invite somebody' })).toBeVisible();
  await hers.getByLabel('Role of Ada').selectOption('Member');
  await expect(page.getByRole('button', { name: 'Invite somebody' })).toHaveCount(0);
  await expect(memberRow(page, 'Ada (you)')).toContainText('Member');
});

test('a link works once, and not at all when it was revoked or cut off', async ({
  page,
  context,
  browser,
}) => {
  await registerQuickly(context);
  await page.goto('/members');
  const [first, second] = [somebody(), somebody()];
  const used = await invite(page, first.email);
  const revoked = await invite(page, second.email);
  const hers = await anotherBrowser(browser);
  await join(hers, used, first);
  await page.getByRole('button', { name: `Revoke the invitation of ${second.email}` }).click();
  await expect(page.getByText('Nobody is invited.')).toBeVisible();

  const other = await anotherBrowser(browser);
  for (const [link, said] of [
    [used, 'The invitation was accepted before'],
    [revoked, 'The invitation was revoked'],
    [revoked.slice(0, -1), 'There is no such invitation'],
    ['/join', 'There is no such invitation'],
  ] as const) {
    await other.goto(link);
    await expect(other.getByRole('alert')).toContainText(said);
    await expect(other.getByLabel('Password', { exact: true })).toHaveCount(0);
  }
});

test('somebody with a session is told whom an invitation is for', async ({
  page,
  context,
  browser,
}) => {
  await registerQuickly(context);
  await page.goto('/members');
  const grace = { ...somebody(), name: 'Grace' };
  const link = await invite(page, grace.email);
  const hers = await anotherBrowser(browser);
  const other = await registerQuickly(hers.context());

  await hers.goto(link);
  await expect(hers.getByText(`You are signed in as ${other.email}`)).toBeVisible();
  await expect(hers.getByText(`This invitation is for ${grace.email}`)).toBeVisible();
  await hers.getByLabel('Password', { exact: true }).fill('short');
  await hers.getByRole('button', { name: 'Join' }).click();
  await expect(hers.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(
    /at least 8/,
  );
  await join(hers, link, grace);
  await expect(hers.getByText('Grace')).toBeVisible();
});

test('an address that is taken or wrong is not invited', async ({ page, context }) => {
  const ada = await registerQuickly(context);
  await page.goto('/members');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await page.getByLabel('E-mail address').fill('nobody');
  await page.getByRole('button', { name: 'Make a link' }).click();
  await expect(page.getByLabel('E-mail address')).toHaveAccessibleDescription(/e-?mail/i);
  await page.getByLabel('E-mail address').fill(ada.email);
  await page.getByRole('button', { name: 'Make a link' }).click();
  await expect(page.getByRole('alert')).toContainText(`${ada.email} is a member already`);
});

test('members and invitations that cannot be read are read again when asked', async ({
  page,
  context,
}) => {
  await registerQuickly(context);
  let fails = true;
  // The two may come in one request.
  await page.route(/members\.(invitations\.)?list/, (route) =>
    fails ? route.abort() : route.continue(),
  );
  await page.goto('/members');
  await expect(page.getByText('The members could not be read')).toBeVisible();
  await expect(page.getByText('The invitations could not be read')).toBeVisible();

  fails = false;
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await expect(page.getByText('You are alone here.')).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Nobody is invited.')).toBeVisible();
});

test('a session is ended from another window', async ({ page, context, browser }) => {
  const ada = await registerQuickly(context);
  const phone = await anotherBrowser(browser);
  await phone.goto('/login');
  await signIn(phone, ada);
  await expectWidgets(phone);

  await page.goto('/account');
  const sessions = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
  await expect(sessions).toHaveCount(2);
  await expect(sessions.filter({ hasText: 'this one' })).toContainText('Last used');
  await page.getByRole('button', { name: 'Sign out there (Chrome on Linux)' }).click();

  await expect(sessions).toHaveCount(1);
  await expect(page.getByText('You are signed in nowhere else.')).toBeVisible();
  await expect(phone.getByText('Your session has ended')).toBeVisible();
});

test('a new password ends the other windows and is the one that counts', async ({
  page,
  context,
  browser,
}) => {
  const ada = await registerQuickly(context);
  const phone = await anotherBrowser(browser);
  await phone.goto('/login');
  await signIn(phone, ada);
  await expectWidgets(phone);
  // Not a page of widgets, so that it is not their stream which tells.
  await phone.getByRole('link', { name: 'Account' }).click();
  await expect(phone.getByRole('list', { name: 'Sessions' })).toBeVisible();
  await page.goto('/account');

  await page.getByLabel('Current password', { exact: true }).fill('wrong horse');
  await page.getByLabel('New password', { exact: true }).fill('another correct horse');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByLabel('Current password', { exact: true })).toHaveAccessibleDescription(
    /not your password/,
  );
  await page.getByLabel('New password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByLabel('New password', { exact: true })).toHaveAccessibleDescription(
    /at least 8/,
  );

  await page.getByLabel('Current password', { exact: true }).fill(ada.password);
  await page.getByLabel('New password', { exact: true }).fill('another correct horse');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Your password is changed')).toBeVisible();
  await expect(phone.getByText('Your session has ended')).toBeVisible();

  await signIn(phone, ada);
  await expect(phone.getByText('E-mail address or password is wrong')).toBeVisible();
  await signIn(phone, { ...ada, password: 'another correct horse' });
  await expect(phone.getByRole('heading', { name: 'Account', exact: true })).toBeVisible();
});
