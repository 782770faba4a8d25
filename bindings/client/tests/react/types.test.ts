import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const resolve = createRequire(import.meta.url).resolve;

test.for([
  ['TypeScript 5.9', 'typescript59/package.json'],
  ['TypeScript 6.0', 'typescript60/package.json'],
  ['TypeScript 7', 'typescript/package.json'],
] as const)('%s accepts what components do, and refuses what they must not', ([, manifest]) => {
  const compiler = join(dirname(resolve(manifest)), 'bin', 'tsc');
  const { stdout, error } = spawnSync(
    process.execPath,
    [compiler, '-p', '.', '--pretty', 'false'],
    {
      cwd: fileURLToPath(new URL('types', import.meta.url)),
      encoding: 'utf8',
    },
  );

  expect(error).toBeUndefined();
  // Declarations of libraries are checked too, for the sake of ours; theirs may have mistakes that are not ours to report.
  const ours = stdout
    .split('\n')
    .filter((line) => /error TS/.test(line) && !line.includes('node_modules'));
  expect(ours).toEqual([]);
});
