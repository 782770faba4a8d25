// Generated from the Rust contract by `cargo run`: do not edit.

import type { Schema } from '@tintype/client/schema';
import type {
  Adjacent,
  Color,
  External,
  Flattened,
  Lists,
  Names,
  Numbers,
  PageInput,
  RichValues,
  Shape,
  Texts,
  ThingId,
  Tree,
  Unions,
  Untagged,
} from './api.js';

export declare const adjacentSchema: Schema<Adjacent>;

/** A colour. */
export declare const colorSchema: Schema<Color>;

export declare const externalSchema: Schema<External>;

/** What is flattened, and what is refused. */
export declare const flattenedSchema: Schema<Flattened>;

/** Lists with rules. */
export declare const listsSchema: Schema<Lists>;

/** Names that JavaScript has plans for. */
export declare const namesSchema: Schema<Names>;

/** Numbers with rules. */
export declare const numbersSchema: Schema<Numbers>;

/** A page of something. */
export declare const pageInputOfColorSchema: Schema<PageInput<Color>>;

/** A page of something. */
export declare const pageInputOfPageInputOfColorSchema: Schema<PageInput<PageInput<Color>>>;

/** A page of something. */
export declare const pageInputOfTreeSchema: Schema<PageInput<Tree>>;

/** Values that are more than JSON in JavaScript, and texts that hold something. */
export declare const richValuesSchema: Schema<RichValues>;

/** A shape. */
export declare const shapeSchema: Schema<Shape>;

/** Texts with rules. */
export declare const textsSchema: Schema<Texts>;

/** Identifies a thing. */
export declare const thingIdSchema: Schema<ThingId>;

/** A tree. */
export declare const treeSchema: Schema<Tree>;

/** Unions of every kind. */
export declare const unionsSchema: Schema<Unions>;

export declare const untaggedSchema: Schema<Untagged>;
