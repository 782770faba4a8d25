import { expect, test } from '@playwright/test';
import { answers, ask, createConversation, openConversation } from './conversation';
import { registerQuickly } from './people';

test('without a model an answer says so', async ({ page, context }) => {
  await registerQuickly(context);
  await openConversation(page, await createConversation(context, 'Opening hours'));

  await ask(page, 'When do you open?');

  await expect(answers(page)).toContainText('No model is configured');
  await expect(answers(page)).toContainText('no model configured');
  await page.getByRole('link', { name: 'Costs' }).click();
  await expect(page.getByText('answers are quotes and cost nothing')).toBeVisible();
});
