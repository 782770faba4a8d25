import { expect, it } from 'vitest';
import { entranceSearch } from './entrance-search';

it('reads the next page and the reason', () => {
  const search = { next: '/widgets', reason: 'ended', more: 1 };

  expect(entranceSearch(search)).toEqual({ next: '/widgets', reason: 'ended' });
});

it('leaves out what is no address and no reason', () => {
  expect(entranceSearch({ next: 7, reason: 'because' })).toEqual({});
  expect(entranceSearch({ next: ['/widgets'], reason: null })).toEqual({});
  expect(entranceSearch({})).toEqual({});
});
