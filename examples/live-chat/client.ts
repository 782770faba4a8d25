import { createClient, http } from '@tintype/client';
import type { Api } from './generated/api.js';

const url = process.env.TINTYPE_URL ?? 'http://127.0.0.1:3000/trpc';
const [first = url, second = url] = await createClient<Api>(http, { url }).instances.query();

// Grace speaks at the second instance.
const grace = createClient<Api>(http, { url: second });
const say = (text: string) => grace.room.say.mutate({ from: 'Grace', text });

// Ada listens at the first one, until her line is cut, and then at the other.
let lines = 0;
let cut = () => {};
let missed: Promise<void> | undefined;
const ada = createClient<Api>(http, {
  url: first,
  retryDelayMs: 10,
  fetch: async (url, init) => {
    // Her new line waits until something was said that she has missed.
    await missed;
    const line = new AbortController();
    cut = () => line.abort();
    lines += 1;
    console.log(lines === 1 ? 'Ada listens at the first instance' : 'Ada listens at the second');
    const signal = AbortSignal.any([line.signal, ...(init.signal ? [init.signal] : [])]);
    return fetch(lines === 1 ? url : url.replace(first, second), { ...init, signal });
  },
});

await new Promise<void>((resolve, reject) => {
  const unsubscribe = ada.room.listen.subscribe(undefined, {
    onState: (state) => {
      if (state === 'open' && lines === 1) say('hello').catch(reject);
    },
    onData: ({ data: event }) => {
      if (event.kind === 'gap') return reject(new Error('something is missing'));
      console.log(`${event.message.from}: ${event.message.text}`);
      if (lines === 1) {
        cut();
        missed = say('can you hear me?');
        missed.catch(reject);
      } else {
        unsubscribe();
        resolve();
      }
    },
    onError: reject,
  });
});
