import { expect, it } from 'vitest';
import { knowledgeSearch, placeSearch } from './knowledge-search';

it('a question is read from the address, also one that looks like a number', () => {
  expect(knowledgeSearch({ q: 'iron' })).toEqual({ q: 'iron' });
  expect(knowledgeSearch({ q: 1856 })).toEqual({ q: '1856' });
  expect(knowledgeSearch({ q: ' ' })).toEqual({ q: undefined });
  expect(knowledgeSearch({ q: { a: 1 } })).toEqual({ q: undefined });
});

it('a place is read from the address only if it is one', () => {
  expect(placeSearch({ start: 3, end: 9 })).toEqual({ start: 3, end: 9 });
  expect(placeSearch({ start: 9, end: 3 })).toEqual({});
  expect(placeSearch({ start: -1, end: 3 })).toEqual({});
  expect(placeSearch({ start: 1.5, end: 3 })).toEqual({});
  expect(placeSearch({ start: 'a', end: 3 })).toEqual({});
  expect(placeSearch({})).toEqual({});
});
