import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Issue } from '@tintype/client/schema';
import * as runtime from '@tintype/client/schema';
import { build } from 'esbuild';
import { expect, expectTypeOf, test } from 'vitest';
import type * as z from 'zod';
import type { RichValues, Texts, Tree } from '../../../../../crates/tintype/tests/emitted/api.js';
import {
  listsSchema,
  namesSchema,
  numbersSchema,
  pageInputOfPageInputOfColorSchema,
  richValuesSchema,
  textsSchema,
  type treeSchema,
} from '../../../../../crates/tintype/tests/emitted/schemas.js';
import * as zod from '../../../../../crates/tintype/tests/emitted/zod.ts';

const { schema, string, closed, dateTime, set, entries, integer, bigint } = runtime;

const issuesOf = (value: unknown, of: StandardSchemaV1): readonly Issue[] => {
  const result = of['~standard'].validate(value);
  return 'issues' in result ? ((result.issues ?? []) as readonly Issue[]) : [];
};

test('a schema is one of the standard, typed as the contract says', () => {
  expectTypeOf(textsSchema).toExtend<StandardSchemaV1<Texts, Texts>>();
  expectTypeOf<StandardSchemaV1.InferOutput<typeof treeSchema>>().toEqualTypeOf<Tree>();
  expectTypeOf<z.infer<typeof zod.treeSchema>>().toEqualTypeOf<Tree>();
  expectTypeOf<z.infer<typeof zod.richValuesSchema>>().toExtend<{
    at?: Date | null | undefined;
    bytes?: Uint8Array | null | undefined;
  }>();
  const { version, vendor } = textsSchema['~standard'];
  expect({ version, vendor }).toEqual({ version: 1, vendor: 'tintype' });
});

test('a value that fits is handed back as it is', () => {
  const value = { displayName: 'Ada' };
  const result = textsSchema['~standard'].validate(value);

  expect(result.issues).toBeUndefined();
  expect(result).toEqual({ value });
});

test('every mistake is reported where it is', () => {
  const value = { tags: ['abcd', 1], tree: { name: '', children: [{ children: 0 }] } };

  expect(issuesOf(value, listsSchema)).toEqual([
    { code: 'constraint', message: 'too long: at most 3', path: ['tags', 0] },
    { code: 'invalid_type', message: 'expected text', path: ['tags', 1] },
    { code: 'constraint', message: 'must not be empty', path: ['tree', 'name'] },
    { code: 'missing', message: 'required', path: ['tree', 'children', 0, 'name'] },
    { code: 'invalid_type', message: 'expected a list', path: ['tree', 'children', 0, 'children'] },
  ]);
});

test('values that JavaScript has types for are taken as these', () => {
  const rich: RichValues = {
    at: new Date(),
    bytes: new Uint8Array([0, 255]),
    entries: new Map([[1, 'a']]),
  };
  expect(issuesOf(rich, richValuesSchema)).toEqual([]);
  expect(zod.richValuesSchema.safeParse(rich).success).toBe(true);
  expect(issuesOf({ limit: 1, big: 7n, any: Number.NaN }, numbersSchema)).toEqual([]);
  expect(zod.numbersSchema.safeParse({ limit: 1, big: 7n, any: Number.NaN }).success).toBe(true);

  const wrong = { at: new Date(Number.NaN), bytes: [0], entries: new Map([[256, 'a']]) };
  expect(issuesOf(wrong, richValuesSchema).map(({ path }) => path)).toEqual([
    ['at'],
    ['bytes'],
    ['entries', 0, 0],
  ]);
  expect(zod.richValuesSchema.safeParse(wrong).success).toBe(false);
  for (const big of [-1n, 2n ** 64n, 7, 1.5]) {
    expect(issuesOf({ limit: 1, big }, numbersSchema), String(big)).toHaveLength(1);
    expect(zod.numbersSchema.safeParse({ limit: 1, big }).success, String(big)).toBe(false);
  }
  expect(
    issuesOf(
      new Set([1, 300]),
      schema(() => set(integer(0, 255))),
    ),
  ).toHaveLength(1);
  expect(
    issuesOf(
      [[1, 2]],
      schema(() => entries(integer(), bigint())),
    ),
  ).toHaveLength(1);
  expect(
    issuesOf(
      '2026-11-25T18:00:00Z',
      schema(() => dateTime),
    ),
  ).toEqual([]);
});

test('what JSON leaves out is absent', () => {
  const value = { displayName: undefined, email: undefined };

  expect(issuesOf(value, textsSchema)).toEqual([]);
  expect(issuesOf({ needed: undefined }, listsSchema)).toEqual([
    { code: 'constraint', message: 'required', path: ['needed'] },
  ]);
});

test('names of prototypes are names like others', () => {
  expect(issuesOf({}, namesSchema)).toEqual([]);
  expect(issuesOf(JSON.parse('{"__proto__":"x","constructor":"x"}'), namesSchema)).toHaveLength(2);
  expect(issuesOf(JSON.parse('{"__proto__":1,"constructor":2}'), namesSchema)).toEqual([]);
});

test('half a surrogate pair is no text', () => {
  expect(issuesOf({ displayName: '\ud83e' }, textsSchema)).toHaveLength(1);
  expect(issuesOf({ displayName: '🦀' }, textsSchema)).toEqual([]);
});

test('an object that is closed refuses what it does not know', () => {
  const point = schema(() => closed({ x: integer() }, { label: string }));

  expect(issuesOf({ x: 1, label: 'a', gone: undefined }, point)).toEqual([]);
  expect(issuesOf({ x: 1, y: 2 }, point)).toEqual([
    { code: 'invalid_type', message: 'unknown field', path: ['y'] },
  ]);
});

test('an instance of a generic type has a schema', () => {
  const color = { items: [{ items: ['red'] }] };

  expect(issuesOf(color, pageInputOfPageInputOfColorSchema)).toEqual([]);
  expect(issuesOf({ items: [{ items: ['pink'] }] }, pageInputOfPageInputOfColorSchema)).toEqual([
    expect.objectContaining({ path: ['items', 0, 'items', 0] }),
  ]);
});

const SCHEMAS = {
  'a registration': "export { registerSchema } from '../../../../schemas.js';",
  'an order with lists, a union and itself inside': `
    import { all, any, array, boolean, charLength, integer, itemCount, nullable, object, oneOf, range, record, schema, string, tagged } from '@tintype/client/schema';
    export const orderSchema = /* @__PURE__ */ schema(() =>
      object(
        {
          name: all(string, charLength(1, 120)),
          count: all(integer(0, 4294967295), range(1, 100)),
          agreed: boolean,
        },
        {
          note: nullable(all(string, charLength(0, 500))),
          tags: all(array(all(string, charLength(1, 20))), itemCount(0, 5)),
          size: nullable(oneOf('small', 'large')),
          config: nullable(record(any)),
          shape: nullable(tagged('kind', { circle: object({ radius: integer(0, 9) }), point: object({}) })),
          parent: nullable(orderSchema),
        },
      ),
    );`,
};

test.for(Object.entries(SCHEMAS))(
  'the schema of %s and what it runs on stay below a kilobyte',
  async ([name, source]) => {
    const bytes = await bundled(source, folder('.'));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    const compressed = brotliCompressSync(bytes, { params }).length;

    console.log(`schema of ${name}: ${bytes.length} B minified, ${compressed} B brotli of 1024 B`);
    expect(compressed).toBeLessThanOrEqual(1024);
  },
);

test('what nobody uses is left out of a bundle', async () => {
  const emitted = folder('../../../../../crates/tintype/tests/emitted');
  const source = "import { colorSchema } from './schemas.js'; console.log(colorSchema);";
  const text = new TextDecoder().decode(await bundled(source, emitted));

  expect(text).toContain('darkBlue');
  for (const other of [
    'outerRadius',
    'offset',
    'look before',
    'unknown field',
    'UUID',
    'a number',
  ]) {
    expect(text).not.toContain(other);
  }
});

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

async function bundled(contents: string, resolveDir: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}
