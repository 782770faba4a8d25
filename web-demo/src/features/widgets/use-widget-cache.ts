import { useQueryClient } from '@tanstack/react-query';
import type { Widget, WidgetEvent } from '@tintype/bindings';
import { useAnnounce } from '../../components/announcer';
import { describeChange } from './describe-change';
import { useWidgetListOptions } from './use-widget-list';
import { applyWidgetEvent, findWidget } from './widget-pages';

/** Writes changes into the cached list, wherever they come from, and says what changed. */
export function useWidgetCache() {
  const queryClient = useQueryClient();
  const announce = useAnnounce();
  const { queryKey } = useWidgetListOptions();

  /** Reads the list again; a reading under way may miss what is about to be known. */
  const reload = () => queryClient.invalidateQueries({ queryKey });

  const find = (id: Widget['id']) => {
    const pages = queryClient.getQueryData(queryKey);
    return pages && findWidget(pages, id);
  };

  const write = (event: WidgetEvent) =>
    queryClient.setQueryData(queryKey, (pages) => pages && applyWidgetEvent(pages, event));

  const apply = (event: WidgetEvent) => {
    if (event.kind === 'gap') return void reload();
    const message = describeChange(
      find(event.kind === 'deleted' ? event.id : event.widget.id),
      event,
    );
    const isReading = queryClient.isFetching({ queryKey }) > 0;
    write(event);
    if (message !== undefined) announce(message);
    // The answer on its way may be older than this event and would undo it.
    if (isReading) reload();
  };

  return { apply, write, find, reload };
}
