import type { Part } from './highlighted';

/** A passage of a document's text, in characters (Unicode code points). */
export type Place = { start: number; end: number };

/** A part of a document's text that is loaded. */
export type Range = { from: number; limit: number };

/** A line of the part, cut where the passage begins and ends. */
export type Line = { at: number; parts: Part[] };

/** Most characters that the server gives at once. */
const MOST = 100_000;

/** How many characters are loaded in front of a passage, and behind it. */
const AROUND = 2_000;

/** How many more are loaded by a press. */
const STEP = 10_000;

/** The part with the passage and something around it; the beginning if there is no passage. */
export function rangeAround(place: Place | undefined): Range {
  if (place === undefined) return { from: 0, limit: STEP };
  const from = Math.max(0, place.start - AROUND);
  return { from, limit: Math.min(MOST, place.end - from + AROUND) };
}

/** The part with more in front of it; what is then too much is left out at its end. */
export function withMoreBefore({ from, limit }: Range): Range {
  const earlier = Math.max(0, from - STEP);
  return { from: earlier, limit: Math.min(MOST, limit + from - earlier) };
}

/** The part with more behind it; what is then too much is left out at its beginning. */
export function withMoreAfter({ from, limit }: Range): Range {
  const excess = Math.max(0, limit + STEP - MOST);
  return { from: from + excess, limit: limit + STEP - excess };
}

/** How many characters a text has, as the server counts. */
export function countCharacters(text: string): number {
  return Array.from(text).length;
}

/** The lines of a part that begins at the character `from`. */
export function linesOf(text: string, from: number, place: Place | undefined): Line[] {
  let next = from;
  return text.split('\n').map((line) => {
    const at = next;
    const characters = Array.from(line);
    next += characters.length + 1;
    const inLine = (character: number) => Math.min(characters.length, Math.max(0, character - at));
    const [start, end] = place ? [inLine(place.start), inLine(place.end)] : [0, 0];
    const cuts = [
      { from: 0, to: start, isMarked: false },
      { from: start, to: end, isMarked: true },
      { from: end, to: characters.length, isMarked: false },
    ];
    const parts = cuts
      .filter((cut) => cut.to > cut.from)
      .map(({ from, to, isMarked }) => ({
        at: at + from,
        text: characters.slice(from, to).join(''),
        isMarked,
      }));
    return { at, parts };
  });
}
