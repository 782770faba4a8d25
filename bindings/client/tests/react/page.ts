import { Window } from 'happy-dom';
import { vi } from 'vitest';

// Only what React needs of a page: requests and their abortion stay those of Node.js.
const page = new Window({ url: 'http://localhost/' });
Object.defineProperty(page, 'fetch', { value: fetch });
for (const [name, value] of Object.entries({
  window: page,
  document: page.document,
  navigator: page.navigator,
})) {
  vi.stubGlobal(name, value);
}
