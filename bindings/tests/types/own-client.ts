// Compiled, never run: our own client hands out what the generated contract says.
import {
  type ApiError,
  createClient,
  type ErrorOf,
  eventsOf,
  http,
  type InputOf,
  type OutputOf,
  safe,
} from '@tintype/client';
import {
  type Api,
  type CreateWidget,
  contract,
  type ListError,
  type LoginError,
  rich,
  type SignedIn,
  type Widget,
  type WidgetEvent,
  type WidgetId,
} from '../../api.js';
import { assertType, type Equal } from './equal.js';

const client = createClient<Api>(http, { url: '/trpc', contract, rich });

// @ts-expect-error without the rich types a date would be text
createClient<Api>(http, { url: '/trpc', contract });

export async function outputs(): Promise<void> {
  const me = await client.auth.me.query();
  assertType<Equal<typeof me, SignedIn | null>>();
  const page = await client.widgets.list.query({ limit: 10 });
  const [first] = page.items;
  if (first) assertType<Equal<typeof first.createdAt, Date>>();
  // @ts-expect-error an id is not any text
  await client.widgets.delete.mutate({ id: 'widget' });
  if (first) await client.widgets.delete.mutate({ id: first.id });
}

export async function errors(): Promise<void> {
  const [session, error] = await safe(client.auth.login.mutate({ email: 'a@b.c', password: 'x' }));
  if (!error) {
    assertType<Equal<typeof session, SignedIn>>();
    return;
  }
  assertType<Equal<typeof error, ApiError<LoginError>>>();
  const own = error.error;
  if (own?.kind === 'TOO_MANY_ATTEMPTS') {
    assertType<Equal<typeof own.retryAfterSeconds, number>>();
  }
  // @ts-expect-error nobody fails to sign in like that
  if (own?.kind === 'EMAIL_TAKEN') return;
}

export async function events(): Promise<void> {
  for await (const event of eventsOf(client.widgets.changed)) {
    assertType<Equal<typeof event, { readonly id: string; readonly data: WidgetEvent }>>();
  }
}

export function parts(): void {
  assertType<Equal<InputOf<Api['widgets']['create']>, CreateWidget>>();
  assertType<Equal<OutputOf<Api['widgets']['create']>, Widget>>();
  assertType<Equal<ErrorOf<Api['widgets']['list']>, ListError>>();
  assertType<Equal<Widget['id'], WidgetId>>();
}
