import { type APIRequestContext, type BrowserContext, expect, type Page } from '@playwright/test';

/** Begins a conversation in the workspace of the context's session, and gives its id. */
export async function createConversation(context: BrowserContext, title: string): Promise<string> {
  const session = await call(context.request, 'chat.sessions.create', { title });
  return session.id;
}

/** Opens a conversation, and waits until it is live. */
export async function openConversation(page: Page, id: string) {
  await page.goto(`/chat/${id}`);
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
}

/** Asks with the keyboard. */
export async function ask(page: Page, question: string) {
  await page.getByLabel('Message').fill(question);
  await page.getByLabel('Message').press('Enter');
}

/** The answers on the page, oldest first. */
export function answers(page: Page) {
  return page.getByRole('article', { name: 'Answer' });
}

async function call(request: APIRequestContext, procedure: string, input: object) {
  const answer = await request.post(`/trpc/${procedure}`, { data: input });
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()).result.data;
}
