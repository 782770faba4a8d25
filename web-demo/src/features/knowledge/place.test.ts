import { describe, expect, it } from 'vitest';
import { countCharacters, linesOf, rangeAround, withMoreAfter, withMoreBefore } from './place';

const marked = (text: string, from: number, start: number, end: number) =>
  linesOf(text, from, { start, end })
    .flatMap(({ parts }) => parts)
    .filter(({ isMarked }) => isMarked)
    .map((part) => part.text);

describe('the lines of a part', () => {
  it('have the passage cut out', () => {
    expect(linesOf('a plate of iron', 0, { start: 2, end: 7 })).toEqual([
      {
        at: 0,
        parts: [
          { at: 0, text: 'a ', isMarked: false },
          { at: 2, text: 'plate', isMarked: true },
          { at: 7, text: ' of iron', isMarked: false },
        ],
      },
    ]);
  });

  it('are counted in code points, of which an emoji is one', () => {
    expect(marked('📷🖼 plate 📷', 0, 3, 8)).toEqual(['plate']);
    expect(marked('📷🖼 plate 📷', 0, 1, 2)).toEqual(['🖼']);
    expect(linesOf('📷\nplate', 0, undefined)[1]?.at).toBe(2);
  });

  it('begin where the part begins', () => {
    expect(marked('📷 plate', 100, 102, 107)).toEqual(['plate']);
  });

  it('share a passage that goes over their ends', () => {
    expect(marked('one 📷\n\ntwo', 0, 4, 10)).toEqual(['📷', 'two']);
    expect(marked('two three', 10, 0, 13)).toEqual(['two']);
    expect(marked('two three', 10, 14, 99)).toEqual(['three']);
  });

  it('have nothing marked without a passage, or with one elsewhere', () => {
    expect(linesOf('iron', 0, undefined)).toEqual([
      { at: 0, parts: [{ at: 0, text: 'iron', isMarked: false }] },
    ]);
    expect(marked('iron', 0, 50, 60)).toEqual([]);
  });
});

describe('the part that is loaded', () => {
  it('lies around the passage', () => {
    expect(rangeAround({ start: 5_000, end: 5_100 })).toEqual({ from: 3_000, limit: 4_100 });
    expect(rangeAround({ start: 10, end: 20 })).toEqual({ from: 0, limit: 2_020 });
    expect(rangeAround(undefined)).toEqual({ from: 0, limit: 10_000 });
  });

  it('grows to both sides', () => {
    expect(withMoreBefore({ from: 13_000, limit: 500 })).toEqual({ from: 3_000, limit: 10_500 });
    expect(withMoreBefore({ from: 3_000, limit: 500 })).toEqual({ from: 0, limit: 3_500 });
    expect(withMoreAfter({ from: 3_000, limit: 500 })).toEqual({ from: 3_000, limit: 10_500 });
  });

  it('never has more than the server gives, and moves on', () => {
    expect(withMoreBefore({ from: 50_000, limit: 95_000 })).toEqual({
      from: 40_000,
      limit: 100_000,
    });
    expect(withMoreAfter({ from: 0, limit: 95_000 })).toEqual({ from: 5_000, limit: 100_000 });
  });
});

it('characters are counted as the server does', () => {
  expect(countCharacters('📷a')).toBe(2);
});
