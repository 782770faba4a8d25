import { createClient, http } from '@tintype/client';
import type { Api } from './generated/api.js';

const api = createClient<Api>(http, {
  url: process.env.TINTYPE_URL ?? 'http://127.0.0.1:3000/trpc',
});

console.log(await api.greet.query('Ada'));
