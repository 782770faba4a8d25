import { randomUUID } from 'node:crypto';
import { type BrowserContext, expect } from '@playwright/test';
import { test } from './chat-server';
import { answers, ask, createConversation, openConversation } from './conversation';
import { registerQuickly } from './people';

/** A question that no other test asks. */
const question = (text: string) => `${text} (${randomUUID()})`;

/** Somebody with a conversation. */
async function begin(context: BrowserContext, title = 'Opening hours') {
  await registerQuickly(context, { name: 'Ada' });
  return createConversation(context, title);
}

test('an empty workspace leads to a first question and its answer', async ({
  page,
  context,
  provider,
}) => {
  await registerQuickly(context);
  await page.goto('/chat');
  await expect(page.getByRole('heading', { name: 'No conversations yet' })).toBeVisible();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing was said yet' })).toBeVisible();
  const asked = question('When do you open?');
  provider.answers(asked, 'At **nine**', ', every day.');

  await ask(page, asked);

  await expect(answers(page)).toContainText('At nine, every day.');
  await expect(answers(page).locator('strong')).toHaveText('nine');
  await expect(answers(page)).toContainText('gpt-4.1-mini');
});

test('an answer appears piece by piece, and a reload in the middle loses nothing', async ({
  page,
  context,
  provider,
}) => {
  await openConversation(page, await begin(context));
  const asked = question('What is a tintype?');
  const answer = provider.answerTo(asked);
  await ask(page, asked);
  await answer.say('A photograph ');
  await expect(answers(page)).toContainText('A photograph');
  await answer.say('on iron');
  await expect(answers(page)).toContainText('A photograph on iron');

  await page.reload();

  await expect(answers(page)).toContainText('A photograph on iron');
  await answer.say(', not on tin.');
  await expect(answers(page)).toContainText('A photograph on iron, not on tin.');
  await answer.end();
  await expect(page.getByRole('button', { name: 'Stop this answer' })).toBeHidden();
  await expect(answers(page)).toHaveCount(1);
  await page.reload();
  await expect(answers(page)).toContainText('A photograph on iron, not on tin.');
});

test('stopping keeps what there is, and the provider hears of it', async ({
  page,
  context,
  provider,
}) => {
  await openConversation(page, await begin(context));
  const asked = question('Tell me everything');
  const answer = provider.answerTo(asked);
  await ask(page, asked);
  await answer.say('In the beginning');
  await expect(answers(page)).toContainText('In the beginning');

  await page.getByRole('button', { name: 'Stop this answer' }).press('Enter');

  await expect(answers(page)).toContainText('Stopped here.');
  await expect(answers(page)).toContainText('In the beginning');
  await answer.left;
});

test('a second window sees question and answer as they come, and who is there', async ({
  page,
  context,
  provider,
}) => {
  const id = await begin(context);
  const other = await context.newPage();
  await openConversation(page, id);
  await openConversation(other, id);
  await expect(other.getByRole('status', { name: 'Who is here' })).toHaveText('Only you are here');
  const asked = question('Who reads along?');
  const answer = provider.answerTo(asked);

  await ask(page, asked);
  await expect(other.getByRole('article', { name: 'Question of Ada' })).toContainText(asked);
  await answer.say('Whoever ');
  await expect(answers(other)).toContainText('Whoever');
  // Who comes in the middle is told the beginning.
  const late = await context.newPage();
  await openConversation(late, id);
  await expect(answers(late)).toContainText('Whoever');
  await answer.say('is here.');
  await answer.end();

  for (const window of [page, other, late]) {
    await expect(answers(window)).toContainText('Whoever is here.');
    await expect(answers(window)).toHaveCount(1);
  }
});

test('a second tenant is told that there is no such conversation', async ({
  page,
  context,
  browser,
  baseURL,
}) => {
  const id = await begin(context, 'Secret plans');
  await openConversation(page, id);
  await using stranger = await browser.newContext({ ...(baseURL !== undefined && { baseURL }) });
  await registerQuickly(stranger);
  const theirs = await stranger.newPage();

  await theirs.goto(`/chat/${id}`);

  await expect(
    theirs.getByRole('status').filter({ hasText: 'no such conversation' }),
  ).toBeVisible();
  await theirs.goto('/chat');
  await expect(theirs.getByRole('heading', { name: 'No conversations yet' })).toBeVisible();
  await expect(theirs.getByText('Secret plans')).toBeHidden();
});

test('a provider that fails gives a reason that people can read', async ({
  page,
  context,
  provider,
}) => {
  await openConversation(page, await begin(context));
  const asked = question('Are you well?');
  provider.refuses(asked, 401);

  await ask(page, asked);

  await expect(page.getByRole('alert')).toContainText('OPENAI_API_KEY');
  const broken = question('And now?');
  const answer = provider.answerTo(broken);
  await ask(page, broken);
  await answer.say('Well, ');
  await expect(answers(page).last()).toContainText('Well,');
  await answer.cut();
  await expect(answers(page).last()).toContainText('The answer broke off here.');
});

test('what cannot be paid is explained before it is asked, and leads to the costs', async ({
  page,
  context,
  provider,
}) => {
  const id = await begin(context);
  await page.goto('/costs');
  await page.getByLabel('Monthly limit in dollars').fill('0.000001');
  await page.getByRole('button', { name: 'Set the limit' }).click();
  await expect(page.getByText('$0.00 spent of $0.000001')).toBeVisible();
  await openConversation(page, id);
  const asked = question('What does it cost?');
  provider.answers(asked, 'Little.');

  await ask(page, asked);

  await expect(page.getByRole('alert')).toContainText('This month’s budget does not suffice');
  expect(provider.asked(asked)).toBe(0);
  await page.getByRole('link', { name: 'See costs and the limit' }).click();
  await page.getByRole('button', { name: 'Remove the limit' }).click();
  await expect(page.getByText('$0.00 spent, without a limit')).toBeVisible();
});

test('what was not sent can be sent again, and is there once', async ({
  page,
  context,
  provider,
}) => {
  await openConversation(page, await begin(context));
  const asked = question('Do you hear me?');
  provider.answers(asked, 'Yes.');
  // It arrives, and the answer to the call does not.
  await page.route('**/trpc/chat.sendMessage*', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await page.getByLabel('Message').fill(asked);
  await page.getByLabel('Message').press('Enter');
  await page.getByLabel('Message').press('Enter');

  await expect(answers(page)).toContainText('Yes.');
  await expect(page.getByRole('article', { name: /question/i })).toHaveCount(1);
  expect(provider.asked(asked)).toBe(1);
});

test('a message that never arrived is kept, and sent by a button', async ({
  page,
  context,
  provider,
}) => {
  await openConversation(page, await begin(context));
  const asked = question('Is anybody there?');
  provider.answers(asked, 'Now.');
  await page.route('**/trpc/chat.sendMessage*', (route) => route.abort());
  await ask(page, asked);
  await expect(page.getByRole('alert')).toContainText('The message was not sent');

  await page.unroute('**/trpc/chat.sendMessage*');
  await page.getByRole('button', { name: 'Try again' }).click();

  await expect(answers(page)).toContainText('Now.');
  await expect(page.getByRole('article', { name: /question/i })).toHaveCount(1);
});

test('a conversation is renamed, and one that is deleted elsewhere says so', async ({
  page,
  context,
}) => {
  const id = await begin(context, 'Draft');
  const other = await context.newPage();
  await openConversation(page, id);
  await openConversation(other, id);

  await page.getByRole('button', { name: 'Rename this conversation' }).press('Enter');
  await page.getByLabel('New title').fill('Opening hours');
  await page.getByLabel('New title').press('Enter');
  await expect(page.getByRole('heading', { name: 'Opening hours' })).toBeVisible();
  await expect(
    page.getByRole('navigation', { name: 'Conversations' }).getByText('Opening hours'),
  ).toBeVisible();

  await page.getByRole('button', { name: 'Delete this conversation' }).click();
  await page.getByRole('button', { name: 'Delete conversation' }).click();
  await expect(page).toHaveURL(/\/chat$/);
  await expect(other.getByText('This conversation was deleted')).toBeVisible();
});

test('a draft is kept while another page is open', async ({ page, context }) => {
  await openConversation(page, await begin(context));
  await page.getByLabel('Message').fill('half a thought');

  await page.getByRole('link', { name: 'Costs' }).click();
  await expect(page.getByRole('heading', { name: 'Costs', exact: true })).toBeVisible();
  await page.goBack();

  await expect(page.getByLabel('Message')).toHaveValue('half a thought');
  await page.getByLabel('Message').fill('x'.repeat(32_001));
  await page.getByLabel('Message').press('Enter');
  await expect(page.getByLabel('Message')).toHaveAccessibleDescription(/32,000 are the most/);
});

test('what a model writes is shown as text, and runs nothing', async ({
  page,
  context,
  provider,
}) => {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await openConversation(page, await begin(context));
  const asked = question('Be evil');
  provider.answers(
    asked,
    '<script>document.title = "owned"</script><img src=x onerror=alert(1)>\n\n',
    '[a](javascript:alert(1)) [b](https://example.com) ![c](https://example.com/c.png)\n\n',
    '| one | two |\n| --- | --- |\n| 1 | 2 |\n\n```rust\nfn main() {}\n```\n',
  );

  await ask(page, asked);

  await expect(answers(page).locator('code')).toHaveText('fn main() {}\n');
  await expect(answers(page).locator('td')).toHaveText(['1', '2']);
  await expect(answers(page).locator('script, img')).toHaveCount(0);
  await expect(answers(page).getByRole('link', { name: 'b' })).toHaveAttribute('rel', /noopener/);
  expect(await answers(page).locator('a[href^="javascript"]').count()).toBe(0);
  expect(await page.title()).not.toBe('owned');
  expect(problems).toEqual([]);
});

test('costs are listed after an answer', async ({ page, context, provider }) => {
  await openConversation(page, await begin(context));
  const asked = question('How much?');
  provider.answers(asked, 'Little.');
  await ask(page, asked);
  await expect(answers(page)).toContainText('Little.');

  await page.getByRole('link', { name: 'Costs' }).click();

  // 1,000 tokens in and 100 out, with the prices of gpt-4.1-mini.
  await expect(page.getByText('$0.00056 spent, without a limit')).toBeVisible();
  await expect(page.getByText('$0.00056 for 1 call')).toBeVisible();
  const row = page.getByRole('row').filter({ hasText: 'gpt-4.1-mini' });
  await expect(row).toContainText('1,000, 100');
  await page.getByRole('button', { name: 'Earlier' }).click();
  await expect(page.getByRole('heading', { name: 'No costs in this month' })).toBeVisible();
  await page.getByLabel('Always large').check();
  await expect(page.getByLabel('Always large')).toBeChecked();
  await page.reload();
  await expect(page.getByLabel('Always large')).toBeChecked();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test('no page scrolls sideways, and a conversation leads back to the list', async ({
    page,
    context,
    provider,
  }) => {
    const id = await begin(
      context,
      'A title that is as long as titles get when people explain themselves',
    );
    const asked = question(`Long${'ness'.repeat(60)}`);
    provider.answers(
      asked,
      `${'wide'.repeat(80)}\n\n| ${'column | '.repeat(12)}\n| ${'--- | '.repeat(12)}\n`,
    );
    await openConversation(page, id);
    await ask(page, asked);
    await expect(answers(page)).toContainText('widewide');
    for (const path of [`/chat/${id}`, '/chat', '/costs']) {
      await page.goto(path);
      await expect(
        page.getByRole('heading', { level: 1 }).or(page.getByText('Live')),
      ).not.toHaveCount(0);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, path).toBe(0);
    }
    await page.goto(`/chat/${id}`);
    await page.getByRole('link', { name: 'All conversations' }).click();
    await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible();
  });
});
