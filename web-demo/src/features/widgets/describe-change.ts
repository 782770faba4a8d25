import type { Widget, WidgetEvent } from '@tintype/bindings/api';
import { hasSameConfig } from './widget-pages';

/** What an event changed, as a sentence for people; nothing if it only confirms what is known. */
export function describeChange(before: Widget | undefined, event: WidgetEvent): string | undefined {
  switch (event.kind) {
    case 'created':
      return before === undefined ? `“${event.widget.name}” was created.` : undefined;
    case 'updated':
      return before && describeUpdate(before, event.widget);
    case 'deleted':
      return before && `“${before.name}” was deleted.`;
    case 'gap':
      return undefined;
  }
}

function describeUpdate(before: Widget, after: Widget): string | undefined {
  if (before.name !== after.name) return `“${before.name}” is now called “${after.name}”.`;
  if (!hasSameConfig(before, after)) return `The configuration of “${after.name}” has changed.`;
  return undefined;
}
