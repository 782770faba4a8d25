import { expect, test } from '@playwright/test';
import { registerQuickly, signIn, somebody } from './people';
import { shoot } from './shoot';

const details = { tenantName: 'Atelier Ferrier', name: 'Ada Ferrier' };

test('members and invitations', async ({ page, context, browser }) => {
  await registerQuickly(context, details);
  await page.goto('/members');
  await expect(page.getByText('Nobody is invited.')).toBeVisible();
  await shoot(page, 'members-alone');

  const link = async (email: string) => {
    const answer = await context.request.post('/trpc/members.invite', {
      data: { email, role: 'member' },
    });
    const [, token] = /"token":"([^"]+)"/.exec(await answer.text()) ?? [];
    return `/join?token=${token}`;
  };
  const { email, password } = somebody();
  await link('linus@example.com');
  const hers = await (await browser.newContext()).newPage();
  const join = await link(email);
  await hers.goto(join);
  await expect(hers.getByRole('button', { name: 'Join' })).toBeVisible();
  await shoot(hers, 'join');
  await hers.getByLabel('Your name').fill('Grace Hopper');
  await hers.getByLabel('Password', { exact: true }).fill(password);
  await hers.getByRole('button', { name: 'Join' }).click();
  await expect(hers.getByRole('heading', { name: 'Widgets', exact: true })).toBeVisible();
  await hers.goto('/members');
  await expect(hers.getByText('Ada Ferrier').first()).toBeVisible();
  await shoot(hers, 'members-as-member');
  await hers.goto(join);
  await expect(hers.getByRole('alert')).toBeVisible();
  await shoot(hers, 'join-used');

  await expect(page.getByText('Grace Hopper').first()).toBeVisible();
  await shoot(page, 'members');
  await page.getByLabel('Role of Ada Ferrier').selectOption('Member');
  await expect(page.getByRole('alert')).toBeVisible();
  await shoot(page, 'members-last-owner');
  await page.getByRole('button', { name: 'Remove Grace Hopper' }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await shoot(page, 'members-remove', 'window');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await shoot(page, 'invite', 'window');
  await page.getByLabel('E-mail address').fill('margaret@example.com');
  await page.getByRole('button', { name: 'Make a link' }).click();
  await expect(page.getByLabel('Link')).toBeVisible();
  await shoot(page, 'invite-link', 'window');
});

test('account', async ({ page, context, browser }) => {
  const ada = await registerQuickly(context, details);
  const other = await (await browser.newContext()).newPage();
  await other.goto('/login');
  await signIn(other, ada);
  await expect(other.getByRole('heading', { name: 'Widgets', exact: true })).toBeVisible();
  await page.goto('/account');
  await expect(page.getByRole('button', { name: /Sign out there/ })).toBeVisible();
  await page.getByLabel('Current password', { exact: true }).fill('wrong horse');
  await page.getByLabel('New password', { exact: true }).fill('another correct horse');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('This is not your password.')).toBeVisible();
  await shoot(page, 'account');
});
