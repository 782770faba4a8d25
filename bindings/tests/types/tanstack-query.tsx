// Compiled, never run: TanStack Query infers everything from the generated router.
import {
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import {
  createTRPCContext,
  createTRPCOptionsProxy,
  useSubscription,
} from '@trpc/tanstack-react-query';
import type {
  AppRouter,
  ListError,
  SignedIn,
  Widget,
  WidgetError,
  WidgetEvent,
  WidgetPage,
} from '../../index.js';
import { assertType, type Equal } from './equal.js';

const { useTRPC } = createTRPCContext<AppRouter>();

export function useEverything(): void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();

  const me = useQuery(trpc.auth.me.queryOptions());
  assertType<Equal<typeof me.data, SignedIn | null | undefined>>();

  const list = useQuery(trpc.widgets.list.queryOptions({ limit: 5 }));
  const listError = list.error?.data?.error;
  assertType<Equal<typeof list.data, WidgetPage | undefined>>();
  assertType<Equal<typeof listError, ListError | undefined>>();

  const pages = useInfiniteQuery(
    trpc.widgets.list.infiniteQueryOptions(
      { limit: 5 },
      { getNextPageParam: (page) => page.nextCursor },
    ),
  );
  const first = pages.data?.pages[0];
  assertType<Equal<typeof first, WidgetPage | undefined>>();

  const create = useMutation(
    trpc.widgets.create.mutationOptions({
      onSuccess: (widget) => {
        assertType<Equal<typeof widget, Widget>>();
        queryClient.setQueryData(trpc.widgets.list.queryKey(), {
          items: [widget],
          nextCursor: null,
        });
      },
    }),
  );
  const createError = create.error?.data?.error;
  assertType<Equal<typeof createError, WidgetError | undefined>>();
  create.mutate({ name: 'clock' });

  const live = useSubscription(
    trpc.widgets.changed.subscriptionOptions(undefined, {
      onData: (event) => assertType<Equal<typeof event, { id: string; data: WidgetEvent }>>(),
    }),
  );
  assertType<Equal<NonNullable<typeof live.data>['data'], WidgetEvent>>();

  // @ts-expect-error the limit is a number
  useQuery(trpc.widgets.list.queryOptions({ limit: 'five' }));
  // @ts-expect-error the name is missing
  create.mutate({});
}

export const trpc = createTRPCOptionsProxy<AppRouter>({
  client: createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: '/trpc' })] }),
  queryClient: new QueryClient(),
});
