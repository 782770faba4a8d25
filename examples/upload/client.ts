import { createClient, http, safe } from '@tintype/client';
import { fetchWithProgress, uploads } from '@tintype/client/upload';
import type { Api } from './generated/api.js';

const api = createClient<Api>(uploads(http), {
  url: process.env.TINTYPE_URL ?? 'http://127.0.0.1:3000/trpc',
  fetch: fetchWithProgress(),
});

const { lines, bytes } = await api.files.count.mutate(form('Poem', 'roses\nviolets\n'), {
  // Browsers tell it.
  onProgress: ({ loadedBytes, totalBytes }) => console.log(loadedBytes, 'of', totalBytes),
});
console.log(lines, 'lines,', bytes, 'bytes');

const [, error] = await safe(api.files.count.mutate(form('Novel', 'word '.repeat(50_000))));
if (error?.error?.kind === 'TOO_LARGE') console.log('at most', error.error.limitBytes, 'bytes');

const [, nameless] = await safe(api.files.count.mutate(form('', 'text')));
console.log(nameless?.validation);

function form(title: string, text: string): FormData {
  const form = new FormData();
  // Fields come before files.
  form.append('title', title);
  form.append('file', new Blob([text], { type: 'text/plain' }), `${title}.txt`);
  return form;
}
