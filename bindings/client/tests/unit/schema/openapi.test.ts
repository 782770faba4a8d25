import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { readEmitted } from './emitted.ts';

const read = () => JSON.parse(readEmitted('openapi.json'));

test('the document is OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(read());

  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
});

test('the validator sees mistakes', async () => {
  const document = read();
  document.paths['/ping'].get.responses = 'none';

  expect((await new Validator().validate(document)).valid).toBe(false);
});

test('every reference leads somewhere, and every operation has a name of its own', () => {
  const document = read();
  const targets = [
    ...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g),
  ];
  expect(targets.length).toBeGreaterThan(10);
  for (const [, name = ''] of targets) expect(document.components.schemas).toHaveProperty([name]);

  const ids = Object.values<Record<string, { operationId: string }>>(document.paths)
    .flatMap((path) => Object.values(path))
    .map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('things_get');
});
