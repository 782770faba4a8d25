import { expect } from '@playwright/test';
import { test } from './chat-server';
import { answers, ask, createConversation, openConversation } from './conversation';
import { registerQuickly } from './people';
import { shoot } from './shoot';

const details = { tenantName: 'Atelier Ferrier', name: 'Ada Ferrier' };

const markdown = `A tintype is a photograph made **directly** on a thin sheet of iron, in five steps:

1. Coat the plate with collodion.
2. Sensitise it in *silver nitrate*.
3. Expose it while it is wet.

| Year | Who | Where |
| --- | --- | --- |
| 1853 | Adolphe-Alexandre Martin | Paris |
| 1856 | Hamilton Smith | Ohio |

\`\`\`rust
/// Seconds of exposure.
fn exposure(stops: i32) -> f64 {
    2f64.powi(stops)
}
\`\`\`

> It was called melainotype first. See [the process](https://example.com/process).`;

test('no conversations', async ({ page, context }) => {
  await registerQuickly(context, details);
  await page.goto('/chat');
  await expect(page.getByRole('button', { name: 'New conversation' })).toBeVisible();
  await expect(page.getByRole('status', { name: 'Loading conversations' })).toBeHidden();
  await shoot(page, 'chat-empty');
  await page.getByRole('button', { name: 'New conversation' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing was said yet' })).toBeVisible();
  await shoot(page, 'conversation-empty');
});

test('a conversation', async ({ page, context, provider }) => {
  await registerQuickly(context, details);
  for (const title of ['Opening hours', 'A quotation for the museum in Basel', 'Chemicals']) {
    await createConversation(context, title);
  }
  const id = await createConversation(context, 'How tintypes are made');
  await openConversation(page, id);
  provider.answers('What is a tintype?', markdown);
  await ask(page, 'What is a tintype?');
  await expect(answers(page)).toContainText('Hamilton Smith');
  provider.refuses('And who', 401);
  await ask(page, 'And who invented it?');
  await expect(page.getByRole('alert')).toBeVisible();
  const answer = provider.answerTo('so dark');
  await ask(page, 'Why are they so dark?\nAnd can that be helped?');
  await answer.say('The image is **silver on lacquer**: what looks white is only the ');
  await expect(answers(page).last()).toContainText('only the');
  await ask(page, 'How long do they keep?');
  await expect(page.getByText('Waiting for its turn…')).toBeVisible();
  await shoot(page, 'conversation', 'window');
  await page.evaluate(() => window.scrollTo(0, 0));
  await expect(page.getByRole('button', { name: 'To the newest' })).toBeVisible();
  await shoot(page, 'conversation-top', 'window');
  await page.getByRole('button', { name: 'Delete this conversation' }).click();
  await shoot(page, 'conversation-delete', 'window');
  await answer.end();
});

test('costs', async ({ page, context, provider }) => {
  await registerQuickly(context, details);
  await page.goto('/costs');
  await expect(page.getByRole('heading', { name: 'No costs in this month' })).toBeVisible();
  await shoot(page, 'costs-empty');
  await openConversation(page, await createConversation(context, 'Costs'));
  provider.answers('cheap', 'Yes.');
  await ask(page, 'Is this cheap?');
  await expect(answers(page)).toContainText('Yes.');
  provider.answers('Compare', 'No.');
  await ask(page, 'Compare the two');
  await expect(answers(page).last()).toContainText('No.');
  await page.goto('/costs');
  await page.getByLabel('Monthly limit in dollars').fill('0.01');
  await page.getByRole('button', { name: 'Set the limit' }).click();
  await expect(page.getByText('spent of $0.01')).toBeVisible();
  await expect(page.getByRole('rowheader', { name: 'gpt-4.1', exact: true })).toBeVisible();
  await shoot(page, 'costs');
});

test('a budget that does not suffice', async ({ page, context }) => {
  await registerQuickly(context, details);
  const id = await createConversation(context, 'Budget');
  await context.request.post('/trpc/budget.set', { data: { limitMicroUsd: 1 } });
  await openConversation(page, id);
  await ask(page, 'What can I have for that?');
  await expect(page.getByRole('alert')).toBeVisible();
  await shoot(page, 'conversation-budget', 'window');
});
