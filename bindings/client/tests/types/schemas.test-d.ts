// Schemas of a contract with every shape that there is.
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type * as z from 'zod';
import type {
  Color,
  PageInput,
  RichValues,
  Texts,
  Tree,
} from '../../../../crates/tintype/tests/emitted/api.js';
import type * as schemas from '../../../../crates/tintype/tests/emitted/schemas.js';
import type * as zod from '../../../../crates/tintype/tests/emitted/zod.js';
import { assertType, type Equal } from '../react/types/equal.js';

type Schemas = typeof schemas;
type Zod = typeof zod;
/** What a schema takes, and what it hands back. */
type Typed<TSchema extends StandardSchemaV1> = [
  StandardSchemaV1.InferInput<TSchema>,
  StandardSchemaV1.InferOutput<TSchema>,
];

assertType<Equal<Typed<Schemas['textsSchema']>, [Texts, Texts]>>();
assertType<Equal<Typed<Schemas['richValuesSchema']>, [RichValues, RichValues]>>();
assertType<Equal<Typed<Schemas['treeSchema']>, [Tree, Tree]>>();
type Colors = PageInput<PageInput<Color>>;
assertType<Equal<Typed<Schemas['pageInputOfPageInputOfColorSchema']>, [Colors, Colors]>>();

assertType<Equal<Typed<Zod['treeSchema']>[1], Tree>>();
assertType<Equal<NonNullable<z.infer<Zod['richValuesSchema']>['at']>, Date>>();
