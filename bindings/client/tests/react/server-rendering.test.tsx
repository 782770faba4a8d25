import {
  dehydrate,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
  useQuery,
} from '@tanstack/react-query';
import { createTanstackQuery, useSubscription } from '@tintype/client/react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { clientOf } from './server.ts';

test('renders on a server, from answers that travel with the page, and opens no stream there', async () => {
  expect(typeof window).toBe('undefined');
  const { client, requests } = clientOf();
  const api = createTanstackQuery(client);
  function Page() {
    const { data } = useQuery(api.math.add.queryOptions({ a: 1, b: 2 }));
    const { status } = useSubscription(api.sub.noInput.subscriptionOptions());
    return <p>{`${data?.sum} ${status}`}</p>;
  }
  const onServer = new QueryClient();
  await onServer.prefetchQuery(api.math.add.queryOptions({ a: 1, b: 2 }));
  const state = JSON.parse(JSON.stringify(dehydrate(onServer)));

  const page = renderToString(
    <QueryClientProvider client={new QueryClient()}>
      <HydrationBoundary state={state}>
        <Page />
      </HydrationBoundary>
    </QueryClientProvider>,
  );

  expect(page).toBe('<p>3 connecting</p>');
  expect(requests).toHaveLength(1);
});
