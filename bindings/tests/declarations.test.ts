import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const resolve = createRequire(import.meta.url).resolve;

test.for([
  ['TypeScript 5.9', 'typescript59/package.json'],
  ['TypeScript 6', 'typescript60/package.json'],
  ['TypeScript 7', 'typescript/package.json'],
] as const)(
  '%s accepts the declarations and what the type tests say',
  { timeout: 120_000 },
  ([, manifest]) => {
    const compiler = join(dirname(resolve(manifest)), 'bin', 'tsc');
    // Declarations of libraries are checked too, for the sake of ours; theirs have mistakes that are not ours to report.
    const args = ['-p', '.', '--skipLibCheck', 'false', '--pretty', 'false'];
    const { stdout, stderr, error } = spawnSync(process.execPath, [compiler, ...args], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      encoding: 'utf8',
    });

    expect(error).toBeUndefined();
    expect(stderr.replace('context canceled', '').trim()).toBe('');
    const ours = stdout
      .split('\n')
      .filter((line) => /^\S.*error TS/.test(line) && !line.includes('node_modules'));
    expect(ours).toEqual([]);
  },
);
