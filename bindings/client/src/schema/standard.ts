/** What is wrong with a value, and where: as the server reports it. */
export interface Issue {
  /** `missing`, `invalid_type`, or `constraint` for a rule that the type does not say. */
  readonly code: IssueCode;
  /** What is wrong, for a person. */
  readonly message: string;
  /** Names and positions from the value as a whole to the part in question. */
  readonly path: Path;
}

export type IssueCode = 'constraint' | 'invalid_type' | 'missing';

export type Path = readonly (number | string)[];

/** Takes what is wrong with a value, or with the part of it at `path`. */
export type Fail = (code: IssueCode, message: string, path?: Path) => void;

/** Tells `fail` everything that is wrong with a value. */
export type Check = (value: unknown, fail: Fail) => void;

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
