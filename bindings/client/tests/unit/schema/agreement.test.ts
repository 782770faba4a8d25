import type { Schema } from '@tintype/client/schema';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import * as schemas from '../../../../../crates/tintype/tests/emitted/schemas.js';
import * as zodSchemas from '../../../../../crates/tintype/tests/emitted/zod.ts';
import { readEmitted } from './emitted.ts';

type Case = {
  type: string;
  value: unknown;
  /** Whether a client takes it. */
  client: boolean;
  /** What the server found. */
  server: { code: string; message: string; path: (number | string)[] }[];
};

const cases: Case[] = JSON.parse(readEmitted('cases.json'));

const constant = (type: string): string => `${type[0]?.toLowerCase()}${type.slice(1)}Schema`;

const byName = new Map<string, Schema<unknown>>(Object.entries(schemas));
const zodByName = new Map<string, z.ZodType>(Object.entries(zodSchemas));

/** Members whose values are no JSON in JavaScript, which Zod is not given as text. */
const RICH = new Set(['any', 'at', 'big', 'bytes', 'entries']);

const UNIONS = new Set(['Flattened', 'Unions']);

const isPlain = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || !Object.keys(value).some((key) => RICH.has(key));

describe.each(cases)('$type $value', ({ type, value, client, server }) => {
  test('is taken or refused as the server does', () => {
    const schema = byName.get(constant(type));
    if (!schema) throw new Error(`there is no schema of ${type}`);
    const { issues = [] } = schema['~standard'].validate(value);

    expect(issues.length === 0, JSON.stringify(issues)).toBe(client);
    if (!client) {
      // Inside of unions serde does not say where it stopped.
      if (!UNIONS.has(type)) {
        expect(issues.map(({ path }) => path)).toContainEqual(server[0]?.path);
      }
      for (const expected of server.filter(({ code }) => code === 'constraint')) {
        expect(issues).toContainEqual(expected);
      }
    }
  });

  // Zod reads members that are inherited, such as `constructor`.
  test.runIf(isPlain(value) && type !== 'Names')('is taken or refused by Zod', () => {
    const schema = zodByName.get(constant(type));
    if (!schema) throw new Error(`there is no schema of ${type}`);

    expect(schema.safeParse(value).success, JSON.stringify(schema.safeParse(value))).toBe(client);
  });
});
