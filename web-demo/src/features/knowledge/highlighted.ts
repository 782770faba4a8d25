import type { Highlight } from '@tintype/bindings/api';

/** A stretch of a text. */
export type Part = {
  /** Where it begins. */
  at: number;
  text: string;
  isMarked: boolean;
};

/** A snippet cut where highlights begin and end; they count UTF-16 code units, as strings do here. */
export function highlighted(snippet: string, highlights: readonly Highlight[]): Part[] {
  const parts: Part[] = [];
  let at = 0;
  const upTo = (end: number, isMarked: boolean) => {
    if (end > at) parts.push({ at, text: snippet.slice(at, end), isMarked });
    at = Math.max(at, end);
  };
  for (const { start, end } of highlights) {
    upTo(start, false);
    upTo(end, true);
  }
  upTo(snippet.length, false);
  return parts;
}
