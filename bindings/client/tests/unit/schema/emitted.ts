import { readFileSync } from 'node:fs';

/** The text of a file that the tests of the Rust crate keep current. */
export const readEmitted = (name: string): string =>
  readFileSync(
    new URL(`../../../../../crates/tintype/tests/emitted/${name}`, import.meta.url),
    'utf8',
  );
