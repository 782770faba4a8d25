// Compiled, never run: the schemas of inputs are typed as what the client sends.
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Schema } from '@tintype/client/schema';
import type { Register, UpdateWidget } from '../../api.js';
import { registerSchema, updateWidgetSchema } from '../../schemas.js';
import { assertType, type Equal } from './equal.js';

assertType<Equal<StandardSchemaV1.InferInput<typeof registerSchema>, Register>>();
assertType<Equal<StandardSchemaV1.InferOutput<typeof registerSchema>, Register>>();

/** What form libraries ask for. */
export const standard: StandardSchemaV1<UpdateWidget, UpdateWidget> = updateWidgetSchema;

export function checked(value: unknown): Register | string | undefined {
  const result = registerSchema['~standard'].validate(value);
  if (result.issues) {
    // @ts-expect-error nothing that fits is at hand
    result.value;
    return result.issues[0]?.message;
  }
  assertType<Equal<typeof result.value, Register>>();
  return result.value;
}

// @ts-expect-error one schema does not stand for another
export const other: Schema<UpdateWidget> = registerSchema;
