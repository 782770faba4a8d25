import type { AppRouter } from '@tintype/bindings';
import {
  createTRPCClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  retryLink,
  splitLink,
} from '@trpc/client';

const url = '/trpc';

/** Calls procedures, each kind by the transport that suits it. */
export const trpcClient = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: (operation) => operation.type === 'subscription',
      true: [
        // The browser gives up on a stream that was answered with an error, for example by a proxy.
        retryLink({
          retry: ({ error }) => error.data === undefined,
          retryDelayMs: (attempt) => Math.min(500 * 2 ** Math.min(attempt - 1, 6), 15_000),
        }),
        httpSubscriptionLink({ url }),
      ],
      false: splitLink({
        // Their answers set the cookie that other calls of a batch would be sent without.
        condition: ({ type, path }) => type === 'mutation' && path.startsWith('auth.'),
        true: httpLink({ url }),
        false: httpBatchLink({ url, maxItems: 20, maxURLLength: 4000 }),
      }),
    }),
  ],
});
