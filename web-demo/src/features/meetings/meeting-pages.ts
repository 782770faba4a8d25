import type { InfiniteData } from '@tanstack/react-query';
import type { MeetingEvent, MeetingPage } from '@tintype/bindings/api';

type Pages<TParam> = InfiniteData<MeetingPage, TParam>;
type Change = Exclude<MeetingEvent, { kind: 'gap' }>;

/** The list with what happened; the same list if it is about a meeting further down than what is loaded. */
export function applyMeetingEvent<TParam>(pages: Pages<TParam>, event: Change): Pages<TParam> {
  const { meeting } = event;
  const isKnown = pages.pages.some(({ items }) => items.some(({ id }) => id === meeting.id));
  if (isKnown) {
    const replace = (page: MeetingPage) => ({
      ...page,
      items: page.items.map((item) => (item.id === meeting.id ? meeting : item)),
    });
    return { ...pages, pages: pages.pages.map(replace) };
  }
  const [first, ...rest] = pages.pages;
  if (event.kind !== 'created' || first === undefined) return pages;
  return { ...pages, pages: [{ ...first, items: [meeting, ...first.items] }, ...rest] };
}
