import type { Meeting, MeetingId, MeetingPage } from '@tintype/bindings/api';
import { expect, test } from 'vitest';
import { applyMeetingEvent } from './meeting-pages';

function meeting(id: string, title = id): Meeting {
  return {
    id: id as MeetingId,
    title,
    createdBy: null,
    createdAt: new Date(0),
    state: 'planned',
    startedAt: null,
    endedAt: null,
    participants: [],
  };
}

function page(...items: Meeting[]): MeetingPage {
  return { items, nextCursor: null, canJoin: true };
}

const pages = { pages: [page(meeting('c'), meeting('b')), page(meeting('a'))], pageParams: [1, 2] };

function titles({ pages }: { pages: MeetingPage[] }) {
  return pages.map(({ items }) => items.map(({ title }) => title));
}

test('a new meeting comes first, and once', () => {
  const once = applyMeetingEvent(pages, { kind: 'created', meeting: meeting('d') });
  expect(titles(once)).toEqual([['d', 'c', 'b'], ['a']]);
  const twice = applyMeetingEvent(once, { kind: 'created', meeting: meeting('d') });
  expect(titles(twice)).toEqual([['d', 'c', 'b'], ['a']]);
});

test('a change takes its place on whichever page it is', () => {
  const changed = applyMeetingEvent(pages, { kind: 'changed', meeting: meeting('a', 'new') });
  expect(titles(changed)).toEqual([['c', 'b'], ['new']]);
});

test('a change of a meeting that is not loaded changes nothing', () => {
  expect(applyMeetingEvent(pages, { kind: 'changed', meeting: meeting('z') })).toBe(pages);
});
