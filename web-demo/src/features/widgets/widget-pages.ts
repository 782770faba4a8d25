import type { InfiniteData } from '@tanstack/react-query';
import type { Widget, WidgetEvent, WidgetPage } from '@tintype/bindings/api';

/** The same pages after a change; the very same object if the change was known already. */
export function applyWidgetEvent<TParam>(
  pages: InfiniteData<WidgetPage, TParam>,
  event: WidgetEvent,
): InfiniteData<WidgetPage, TParam> {
  switch (event.kind) {
    case 'created':
      return findWidget(pages, event.widget.id)
        ? replace(pages, event.widget)
        : insertNewest(pages, event.widget);
    case 'updated':
      return replace(pages, event.widget);
    case 'deleted':
      return remove(pages, event.id);
    case 'gap':
      return pages;
  }
}

/** The widget with this id, if one of the loaded pages has it. */
export function findWidget(
  pages: InfiniteData<WidgetPage, unknown>,
  id: Widget['id'],
): Widget | undefined {
  for (const page of pages.pages) {
    const found = page.items.find((widget) => widget.id === id);
    if (found) return found;
  }
  return undefined;
}

function replace<TParam>(pages: InfiniteData<WidgetPage, TParam>, widget: Widget) {
  const current = findWidget(pages, widget.id);
  if (current === undefined || isSameOrNewer(current, widget)) return pages;
  return mapItems(pages, (items) => items.map((item) => (item.id === widget.id ? widget : item)));
}

function insertNewest<TParam>(pages: InfiniteData<WidgetPage, TParam>, widget: Widget) {
  const [first, ...rest] = pages.pages;
  if (first === undefined) return pages;
  const older = first.items.findIndex((item) => isOlder(item, widget));
  // Older than everything on the first page: its place is known only if no page follows.
  if (older === -1 && first.nextCursor !== null) return pages;
  const items = first.items.toSpliced(older === -1 ? first.items.length : older, 0, widget);
  return { ...pages, pages: [{ ...first, items }, ...rest] };
}

function remove<TParam>(pages: InfiniteData<WidgetPage, TParam>, id: Widget['id']) {
  if (findWidget(pages, id) === undefined) return pages;
  return mapItems(pages, (items) => items.filter((widget) => widget.id !== id));
}

function mapItems<TParam>(
  pages: InfiniteData<WidgetPage, TParam>,
  change: (items: Widget[]) => Widget[],
): InfiniteData<WidgetPage, TParam> {
  return {
    ...pages,
    pages: pages.pages.map((page) => {
      const items = change(page.items);
      return { ...page, items };
    }),
  };
}

function isOlder(item: Widget, than: Widget): boolean {
  const [itemMs, thanMs] = [item.createdAt.getTime(), than.createdAt.getTime()];
  // Ids of version 7 ascend with time, also within a millisecond.
  return itemMs === thanMs ? item.id < than.id : itemMs < thanMs;
}

/** An answer and an event about the same change may come in either order. */
function isSameOrNewer(current: Widget, incoming: Widget): boolean {
  const newerMs = current.updatedAt.getTime() - incoming.updatedAt.getTime();
  if (newerMs !== 0) return newerMs > 0;
  return current.name === incoming.name && hasSameConfig(current, incoming);
}

/** Whether two states of a widget are configured alike. */
export function hasSameConfig(one: Widget, other: Widget): boolean {
  return JSON.stringify(one.config) === JSON.stringify(other.config);
}
