/** What is wrong with a value, and where: as the server reports it. */
export interface Issue {
  /** `missing`, `invalid_type`, or `constraint` for a rule that the type does not say. */
  readonly code: 'constraint' | 'invalid_type' | 'missing';
  /** What is wrong, for a person. */
  readonly message: string;
  /** Names and positions from the value as a whole to the part in question. */
  readonly path: readonly (number | string)[];
}

/** Adds everything that is wrong with a value at `path` to `issues`. */
export type Check = (value: unknown, path: Issue['path'], issues: Issue[]) => void;

/** A schema for form libraries, by the interface of https://standardschema.dev. */
export interface Schema<T> extends Check {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'tintype';
    /** The value itself, which nothing is done to, or what is wrong with it. */
    readonly validate: (value: unknown) => Valid<T> | Invalid;
    readonly types?: { readonly input: T; readonly output: T } | undefined;
  };
}

/** A value that fits. */
export interface Valid<T> {
  readonly value: T;
  readonly issues?: undefined;
}

/** What is wrong with a value that does not fit. */
export interface Invalid {
  readonly issues: readonly Issue[];
}
