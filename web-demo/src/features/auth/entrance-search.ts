const reasons = ['required', 'ended', 'signed-out'] as const;

/** Why somebody is asked to sign in. */
export type LoginReason = (typeof reasons)[number];

/** What the address of the entrance says. */
export type EntranceSearch = {
  /** The page to go on to. */
  next?: string | undefined;
  reason?: LoginReason | undefined;
};

/** Reads what the address says, and leaves out what makes no sense. */
export function entranceSearch(search: Record<string, unknown>): EntranceSearch {
  const { next, reason } = search;
  return {
    next: typeof next === 'string' ? next : undefined,
    reason: reasons.find((known) => known === reason),
  };
}
