/** What the address of an invitation says. */
export type JoinSearch = { token: string };

/** Reads the token of an invitation; one that is missing is like one that nobody has. */
export function joinSearch({ token }: Record<string, unknown>): JoinSearch {
  return { token: typeof token === 'string' && token !== '' ? token : 'missing' };
}
