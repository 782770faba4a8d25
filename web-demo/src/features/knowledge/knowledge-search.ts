import type { Place } from './place';

/** What the address of the page of knowledge says. */
export type KnowledgeSearch = {
  /** The question that was looked for. */
  q?: string | undefined;
};

/** Reads what the address says, and leaves out what makes no sense. */
export function knowledgeSearch({ q }: Record<string, unknown>): KnowledgeSearch {
  // The router reads what looks like a number as one.
  const text = typeof q === 'number' || typeof q === 'boolean' ? String(q) : q;
  return { q: typeof text === 'string' && text.trim() !== '' ? text : undefined };
}

/** What the address of a document says: the passage to show, or nothing. */
export function placeSearch({ start, end }: Record<string, unknown>): Partial<Place> {
  return isPosition(start) && isPosition(end) && end > start ? { start, end } : {};
}

function isPosition(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
