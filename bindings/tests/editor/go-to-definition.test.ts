import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Editor } from './editor.ts';
import { typescript5 } from './typescript-5.ts';
import { typescript7 } from './typescript-7.ts';

const file = fileURLToPath(new URL('./calls.ts', import.meta.url));

/** The comments `-> name: source` of the file, with the place of the last `name` before them. */
function marked() {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((text, line) => {
    const mark = /^(?<code>.*)\/\/ -> (?<name>\w+): (?<rust>.*)$/.exec(text)?.groups;
    if (mark === undefined) return [];
    const { code = '', name = '', rust = '' } = mark;
    const column = [...code.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].at(-1)?.index ?? -1;
    return [{ name, rust, at: { line, column } }];
  });
}

const editors: [string, () => Promise<Editor>][] = [
  ['TypeScript 5.9', typescript5],
  ['TypeScript 7', typescript7],
];

test.for(editors)(
  '%s goes from a name to its Rust source',
  { timeout: 60_000 },
  async ([, start]) => {
    const editor = await start();
    try {
      await editor.open(file);
      const expected = marked();
      expect(expected.length).toBeGreaterThan(0);
      for (const { name, rust, at } of expected) {
        const [place] = await editor.definition(file, at);
        expect(place?.file, name).toMatch(/\.rs$/);
        const lines = readFileSync(place?.file ?? '', 'utf8').split('\n');
        const line = lines[place?.position.line ?? -1] ?? '';
        expect(line, name).toContain(rust);
        expect(line.slice(place?.position.column), name).toMatch(new RegExp(`^${name}\\b`));
      }
    } finally {
      await editor.close();
    }
  },
);
