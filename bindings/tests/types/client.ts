// Compiled, never run: the official client infers everything from the generated router.
import { createTRPCClient, httpBatchLink, safe, type TRPCClientError } from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import type {
  AppRouter,
  CreateWidget,
  JsonValue,
  ListError,
  ListWidgets,
  Login,
  LoginError,
  Register,
  RegisterError,
  SignedIn,
  Success,
  UpdateWidget,
  ValidationIssue,
  Widget,
  WidgetError,
  WidgetEvent,
  WidgetId,
  WidgetPage,
} from '../../index.js';
import { assertType, type Equal } from './equal.js';

const client = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: '/trpc' })] });

export async function outputs(): Promise<void> {
  const me = await client.auth.me.query();
  assertType<Equal<typeof me, SignedIn | null>>();
  const page = await client.widgets.list.query();
  assertType<Equal<typeof page, WidgetPage>>();
  const widget = await client.widgets.create.mutate({ name: 'clock', config: { hands: [1, 2] } });
  assertType<Equal<typeof widget, Widget>>();
  assertType<Equal<(typeof widget)['config'], { [key in string]: JsonValue }>>();
  const { success } = await client.auth.logout.mutate();
  assertType<Equal<typeof success, boolean>>();
}

export function inputs(): void {
  type Inputs = inferRouterInputs<AppRouter>;
  assertType<Equal<Inputs['auth']['login'], Login>>();
  assertType<Equal<Inputs['auth']['register'], Register>>();
  // biome-ignore lint/suspicious/noConfusingVoidType: void is what lets a call leave the input out
  assertType<Equal<Inputs['widgets']['list'], ListWidgets | void>>();
  assertType<Equal<Inputs['widgets']['create'], CreateWidget>>();
  assertType<Equal<Inputs['widgets']['update'], UpdateWidget>>();
  assertType<Equal<Inputs['auth']['me'], void>>();
  type Outputs = inferRouterOutputs<AppRouter>;
  assertType<Equal<Outputs['widgets']['delete'], Success>>();
  assertType<Equal<Outputs['auth']['login'], SignedIn>>();
}

export function events(): void {
  const subscription = client.widgets.changed.subscribe(undefined, {
    onData: (event) => {
      assertType<Equal<typeof event, { id: string; data: WidgetEvent }>>();
      if (event.data.kind === 'created') {
        assertType<Equal<typeof event.data.widget, Widget>>();
      }
      // @ts-expect-error an event that only says that others are missing has no widget
      if (event.data.kind === 'gap') void event.data.widget;
    },
  });
  subscription.unsubscribe();
}

export async function errors(id: WidgetId): Promise<void> {
  const [widget, error] = await safe(client.widgets.update.mutate({ id, name: 'map' }));
  if (error) {
    const own = error.data?.error;
    assertType<Equal<typeof own, WidgetError | undefined>>();
    assertType<
      Equal<NonNullable<typeof error.data>['validation'], ValidationIssue[] | undefined>
    >();
    if (error.data?.code === 'NOT_FOUND') return;
    // @ts-expect-error there are 21 codes, and this is none of them
    if (error.data?.code === 'MISSING') return;
  } else {
    assertType<Equal<typeof widget, Widget>>();
  }

  const [, taken] = await safe(
    client.auth.register.mutate({ email: 'a@b.c', password: '12345678', tenantName: 'a' }),
  );
  const refusal = taken?.data?.error;
  assertType<Equal<typeof refusal, RegisterError | undefined>>();
  switch (refusal?.kind) {
    case 'EMAIL_TAKEN':
      assertType<Equal<typeof refusal.email, string>>();
      break;
    case 'TOO_MANY_ATTEMPTS':
      assertType<Equal<typeof refusal.retryAfterSeconds, number>>();
      break;
    case undefined:
      break;
    default:
      assertType<Equal<typeof refusal, never>>();
  }
}

export function errorTypes(): void {
  type ErrorOf<TProcedure> = TProcedure extends { _def: { $types: { errorShape: infer TShape } } }
    ? TShape extends { data: { error?: infer TError } }
      ? TError
      : never
    : never;
  type Procedures = AppRouter['_def']['record'];
  assertType<Equal<ErrorOf<Procedures['auth']['login']>, LoginError>>();
  assertType<Equal<ErrorOf<Procedures['widgets']['list']>, ListError>>();
  const isClientError = (error: TRPCClientError<AppRouter>): unknown => error.data?.error;
  void isClientError;
}

export async function mistakes(): Promise<void> {
  // @ts-expect-error there is no such procedure
  await client.widgets.rename.mutate({ id: '0' });
  // @ts-expect-error a query is not mutated
  await client.widgets.list.mutate();
  // @ts-expect-error the name is missing
  await client.widgets.create.mutate({});
  // @ts-expect-error a name is a string
  await client.widgets.create.mutate({ name: 1 });
  // @ts-expect-error functions are not JSON
  await client.widgets.create.mutate({ name: 'clock', config: { tick: () => 1 } });
  // @ts-expect-error an input is required
  await client.widgets.create.mutate();
  // @ts-expect-error there is nothing to say to it
  await client.auth.me.query({ id: '0' });
  // @ts-expect-error the limit is a number
  await client.widgets.list.query({ limit: '5' });
  // @ts-expect-error the field is called tenantName
  await client.auth.register.mutate({ email: 'a@b.c', password: '12345678', tenant_name: 'a' });
  const page = await client.widgets.list.query();
  // @ts-expect-error the field is called nextCursor
  void page.next_cursor;
}
