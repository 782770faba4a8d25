import type { InfiniteData } from '@tanstack/react-query';
import type { Widget, WidgetId, WidgetPage } from '@tintype/bindings/api';
import { describe, expect, it } from 'vitest';
import { applyWidgetEvent, findWidget } from './widget-pages';

const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 12, n));

/** Widget `n` was created in minute `n` and never changed. */
function widget(n: number, changes: Partial<Widget> = {}): Widget {
  const id = `0190000${n}-0000-7000-8000-000000000000` as WidgetId;
  return {
    id,
    name: `widget ${n}`,
    config: {},
    createdAt: minute(n),
    updatedAt: minute(n),
    ...changes,
  };
}

function pages(...parts: number[][]): InfiniteData<WidgetPage, string | null> {
  return {
    pages: parts.map((part, index) => ({
      items: part.map((n) => widget(n)),
      nextCursor: index === parts.length - 1 ? null : `after-${part.at(-1)}`,
    })),
    pageParams: parts.map((_, index) => (index === 0 ? null : `page-${index}`)),
  };
}

const names = (data: InfiniteData<WidgetPage, unknown>) =>
  data.pages.map((page) => page.items.map((item) => item.name));

describe('a created widget', () => {
  it('comes first, and the other pages stay as they are', () => {
    const before = pages([3, 2], [1]);
    const after = applyWidgetEvent(before, { kind: 'created', widget: widget(4) });

    expect(names(after)).toEqual([['widget 4', 'widget 3', 'widget 2'], ['widget 1']]);
    expect(after.pages[1]).toBe(before.pages[1]);
    expect(names(before)).toEqual([['widget 3', 'widget 2'], ['widget 1']]);
  });

  it('is there once when the answer and the event both bring it', () => {
    const once = applyWidgetEvent(pages([1]), { kind: 'created', widget: widget(2) });
    const twice = applyWidgetEvent(once, { kind: 'created', widget: widget(2) });

    expect(twice).toBe(once);
  });

  it('takes its place by age when events are late', () => {
    const after = applyWidgetEvent(pages([4, 2]), { kind: 'created', widget: widget(3) });
    expect(names(after)).toEqual([['widget 4', 'widget 3', 'widget 2']]);
  });

  it('is ordered by id within a millisecond', () => {
    const twin = widget(3, { name: 'twin', createdAt: minute(2), updatedAt: minute(2) });
    const after = applyWidgetEvent(pages([2]), { kind: 'created', widget: twin });
    expect(names(after)).toEqual([['twin', 'widget 2']]);
  });

  it('fills an empty list', () => {
    const after = applyWidgetEvent(pages([]), { kind: 'created', widget: widget(1) });
    expect(names(after)).toEqual([['widget 1']]);
  });

  it('stays out when its place is on a page that is not loaded', () => {
    const before = pages([4, 3], [2]);
    expect(applyWidgetEvent(before, { kind: 'created', widget: widget(1) })).toBe(before);
  });
});

describe('an updated widget', () => {
  it('is replaced where it stands', () => {
    const renamed = widget(1, { name: 'clock', updatedAt: minute(9) });
    const after = applyWidgetEvent(pages([2], [1]), { kind: 'updated', widget: renamed });
    expect(names(after)).toEqual([['widget 2'], ['clock']]);
  });

  it('is not put back to an older state by a late event', () => {
    const newest = widget(1, { name: 'newest', updatedAt: minute(9) });
    const late = widget(1, { name: 'late', updatedAt: minute(5) });
    const current = applyWidgetEvent(pages([1]), { kind: 'updated', widget: newest });

    expect(applyWidgetEvent(current, { kind: 'updated', widget: late })).toBe(current);
  });

  it('replaces a guess of its new name that has the time of the old', () => {
    const guess = widget(1, { name: 'guess' });
    const current = applyWidgetEvent(pages([1]), { kind: 'updated', widget: guess });
    expect(names(current)).toEqual([['guess']]);

    const undone = applyWidgetEvent(current, { kind: 'updated', widget: widget(1) });
    expect(names(undone)).toEqual([['widget 1']]);
  });

  it('changes nothing when it is not loaded', () => {
    const before = pages([1]);
    expect(applyWidgetEvent(before, { kind: 'updated', widget: widget(7) })).toBe(before);
  });
});

describe('a deleted widget', () => {
  it('leaves its page', () => {
    const after = applyWidgetEvent(pages([3, 2], [1]), { kind: 'deleted', id: widget(2).id });
    expect(names(after)).toEqual([['widget 3'], ['widget 1']]);
    expect(findWidget(after, widget(2).id)).toBeUndefined();
  });

  it('changes nothing when it is gone already', () => {
    const before = pages([1]);
    expect(applyWidgetEvent(before, { kind: 'deleted', id: widget(2).id })).toBe(before);
  });
});

it('a gap changes nothing by itself', () => {
  const before = pages([1]);
  expect(applyWidgetEvent(before, { kind: 'gap' })).toBe(before);
});
