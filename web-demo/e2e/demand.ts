import { access } from 'node:fs/promises';

/** Fails with `otherwise` if there is no such file. */
export async function demand(path: string, otherwise: string) {
  try {
    await access(path);
  } catch {
    throw new Error(`${path} is missing: ${otherwise}`);
  }
}
