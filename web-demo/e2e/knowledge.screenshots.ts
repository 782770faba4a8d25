import { expect, test } from '@playwright/test';
import { answers, ask, createConversation, openConversation } from './conversation';
import { addDocument, choose, documentRow, handbook, openKnowledge } from './documents';
import { pdfWith } from './pdf';
import { registerQuickly } from './people';
import { shoot } from './shoot';

const details = { tenantName: 'Atelier Ferrier', name: 'Ada Ferrier' };

test('no documents', async ({ page, context }) => {
  await registerQuickly(context, details);
  await openKnowledge(page);
  await expect(page.getByRole('heading', { name: 'No documents yet' })).toBeVisible();
  await shoot(page, 'knowledge-empty');
  await page.getByRole('button', { name: 'Paste text' }).click();
  await page.getByRole('button', { name: 'Add document' }).click();
  await shoot(page, 'knowledge-paste', 'window');
});

test('documents, what is found in them, and an answer from them', async ({ page, context }) => {
  await registerQuickly(context, details);
  const pdf = pdfWith('The museum lends its plates in October');
  await addDocument(context, 'Handbook.md', handbook);
  await addDocument(context, 'Loans of the museum.pdf', pdf);
  await addDocument(context, 'A scan that broke off.pdf', pdf.subarray(0, pdf.length / 2));
  await openKnowledge(page);
  await expect(documentRow(page, 'Handbook')).toContainText('Indexed');
  await expect(documentRow(page, 'Loans of the museum')).toContainText('Indexed');
  await expect(documentRow(page, 'A scan that broke off')).toContainText('Failed');
  await choose(
    page,
    { name: 'plate.png', content: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') },
    { name: 'copy.pdf', content: pdf },
  );
  await expect(page.getByText('copy.pdf is already there')).toBeVisible();
  await shoot(page, 'knowledge');

  await page.goto('/knowledge?q=dust+silver+brush');
  const hit = page.getByRole('article', { name: 'Found in Handbook' }).first();
  await hit.getByText('Why it was found').click();
  await shoot(page, 'knowledge-search', 'window');
  await hit.getByRole('link', { name: 'Handbook' }).click();
  await expect(page.locator('mark').first()).toBeInViewport();
  await shoot(page, 'document', 'window');

  await openConversation(page, await createConversation(context, 'Cleaning'));
  await ask(page, 'Which brush dusts the silver?');
  await answers(page).getByText('Passage').first().click();
  await shoot(page, 'conversation-sources', 'window');
});
