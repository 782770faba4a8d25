import { createClient, http } from '@tintype/client';
import type { Api } from './generated/api.js';

const url = process.env.TINTYPE_URL ?? 'http://127.0.0.1:3000/trpc';
const english = createClient<Api>(http, { url });
const german = createClient<Api>(http, { url, headers: { 'accept-language': 'de' } });

console.log(await english.visit.mutate());
console.log(await german.visit.mutate());

const health = await fetch(new URL('/health', url));
console.log(await health.text(), 'from', health.headers.get('server'));
