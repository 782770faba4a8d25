import { type BrowserContext, expect, type Page } from '@playwright/test';

/** Opens the page of knowledge, and waits until it is live. */
export async function openKnowledge(page: Page) {
  await page.goto('/knowledge');
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
}

/** The document with this title in the list. */
export function documentRow(page: Page, title: string) {
  return page.getByRole('article', { name: title, exact: true });
}

/** Pastes text as a document. */
export async function paste(page: Page, title: string, text: string, isMarkdown = false) {
  await page.getByRole('button', { name: 'Paste text' }).click();
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Text', { exact: true }).fill(text);
  if (isMarkdown) await page.getByLabel('It is Markdown').check();
  await page.getByRole('button', { name: 'Add document' }).click();
}

/** Chooses files to add. */
export async function choose(page: Page, ...files: Array<{ name: string; content: Buffer }>) {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  const chosen = files.map(({ name, content }) => ({ name, mimeType: '', buffer: content }));
  await (await chooser).setFiles(chosen);
}

/** Adds a document to the workspace of the context's session, without a page. */
export async function addDocument(context: BrowserContext, name: string, content: string | Buffer) {
  const buffer = typeof content === 'string' ? Buffer.from(content) : content;
  const answer = await context.request.post('/trpc/knowledge.documents.add', {
    multipart: { file: { name, mimeType: 'application/octet-stream', buffer } },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** A long text about how plates are made, and a short one about how they are kept, whose words are nowhere else. */
export const handbook = [
  '# Studio',
  '## Making',
  'It begins with collodion. 📷🎞️🖼️',
  ...Array.from({ length: 160 }, (_, n) => `Step ${n}: pour 🧪, tilt, and wait until it has set.`),
  '## Keeping',
  'Never rub the silver. Dust it with a brush of goat hair, from the middle outwards.',
].join('\n\n');
