/** Line and column from 0, as language servers count. */
export type Position = { line: number; column: number };

export type Place = { file: string; position: Position };

/** What an editor asks TypeScript. */
export type Editor = {
  open(file: string): Promise<void>;
  definition(file: string, at: Position): Promise<Place[]>;
  close(): Promise<void>;
};
