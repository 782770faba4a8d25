import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  safe,
  splitLink,
} from '@trpc/client';
import { EventSource } from 'eventsource';
import type { AppRouter } from './generated/index.js';

const url = process.env.TINTYPE_URL ?? 'http://127.0.0.1:3000/trpc';
const client = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: ({ type }) => type === 'subscription',
      // Node.js has no EventSource of its own; browsers need no such option.
      true: httpSubscriptionLink({ url, EventSource }),
      false: httpBatchLink({ url }),
    }),
  ],
});

const heard = new Promise<void>((resolve, reject) => {
  const { unsubscribe } = client.widgets.changed.subscribe(undefined, {
    // Events are not missed from here on.
    onStarted: () => void client.widgets.create.mutate({ name: 'clock' }).catch(reject),
    onData: ({ data }) => {
      if (data.kind === 'created') console.log('somebody created', data.widget.name);
      unsubscribe();
      resolve();
    },
    onError: reject,
  });
});

await heard;
console.log((await client.widgets.list.query()).map(({ name }) => name));

const [, error] = await safe(client.widgets.create.mutate({ name: 'clock' }));
if (error?.data?.error?.kind === 'NAME_TAKEN') {
  console.log(`${error.data.code}: ${error.data.error.name} is taken`);
}
