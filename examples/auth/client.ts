import { createClient, type Fetch, http, safe } from '@tintype/client';
import type { Api } from './generated/api.js';

// Browsers keep cookies; Node.js does not.
let cookie = '';
const keepCookie: Fetch = async (url, init) => {
  const response = await fetch(url, { ...init, headers: { ...init.headers, cookie } });
  for (const set of response.headers.getSetCookie()) cookie = set.split(';')[0] ?? '';
  return response;
};

const api = createClient<Api>(http, {
  url: process.env.TINTYPE_URL ?? 'http://127.0.0.1:3000/trpc',
  fetch: keepCookie,
});

const [, wrong] = await safe(api.signIn.mutate({ name: 'ada', password: 'guess' }));
console.log(wrong?.error?.kind, wrong?.httpStatus);

console.log('signed in:', await api.signIn.mutate({ name: 'ada', password: 'correct horse' }));
console.log('I am', await api.me.query());

await api.signOut.mutate();
const [, out] = await safe(api.me.query());
console.log(`${out?.code}: ${out?.message}`);
