import type { QueryClient } from '@tanstack/react-query';
import type { Widget, WidgetEvent } from '@tintype/bindings/api';

/** Ids are used once, so what was deleted is never there again. */
const deleted = new WeakMap<QueryClient, Set<Widget['id']>>();

/**
 * Whether an event is news, and not about a widget that was deleted before: after an outage, its creation may be told
 * by another instance, and later than its deletion.
 */
export function isNews(queryClient: QueryClient, event: WidgetEvent): boolean {
  const ids = deleted.get(queryClient) ?? new Set();
  deleted.set(queryClient, ids);
  switch (event.kind) {
    case 'deleted':
      ids.add(event.id);
      return true;
    case 'created':
    case 'updated':
      return !ids.has(event.widget.id);
    case 'gap':
      return true;
  }
}
