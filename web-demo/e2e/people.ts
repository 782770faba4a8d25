import { randomUUID } from 'node:crypto';
import { type APIRequestContext, type BrowserContext, expect, type Page } from '@playwright/test';

/** Somebody with a workspace of their own. */
export type Person = { email: string; password: string; tenantName: string; name?: string };

/** Somebody whom no other test knows. */
export function somebody(): Person {
  const name = randomUUID();
  return {
    email: `${name}@example.com`,
    password: `correct horse ${name}`,
    tenantName: `Studio ${name.slice(0, 8)}`,
  };
}

/** Registers a person through the form and arrives at the widgets. */
export async function register(page: Page, person = somebody()): Promise<Person> {
  await page.goto('/register');
  await page.getByLabel('Workspace name').fill(person.tenantName);
  await page.getByLabel('E-mail address').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Create workspace' }).click();
  await expectWidgets(page);
  return person;
}

/** Registers a person in the browser's context without a page, for tests about something else. */
export async function registerQuickly(
  context: BrowserContext,
  details: Partial<Person> = {},
): Promise<Person> {
  const person = { ...somebody(), ...details };
  await call(context.request, 'auth.register', person);
  return person;
}

/** Creates a widget in the workspace of the context's session. */
export async function createWidget(context: BrowserContext, name: string, config: object = {}) {
  await call(context.request, 'widgets.create', { name, config });
}

/** Signs in through the form, wherever it is shown. */
export async function signIn(page: Page, person: Person) {
  await page.getByLabel('E-mail address').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Waits for the page of widgets, and until changes of others arrive there. */
export async function expectWidgets(page: Page) {
  await expect(page.getByRole('heading', { name: 'Widgets', exact: true })).toBeVisible();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
}

async function call(request: APIRequestContext, procedure: string, input: object) {
  const answer = await request.post(`/trpc/${procedure}`, { data: input });
  expect(answer.ok(), await answer.text()).toBe(true);
}
