import { useQueryClient } from '@tanstack/react-query';
import type { Widget, WidgetEvent } from '@tintype/bindings/api';
import { useAnnounce } from '../../components/announcer';
import { isNews } from './deleted-widgets';
import { describeChange } from './describe-change';
import { useWidgetListOptions } from './use-widget-list';
import { applyWidgetEvent, findWidget } from './widget-pages';

/** Writes changes into the cached list, wherever they come from, and says what changed. */
export function useWidgetCache() {
  const queryClient = useQueryClient();
  const announce = useAnnounce();
  const { queryKey } = useWidgetListOptions();

  /** Reads the list again, and drops the answer to an earlier reading, which may be older. */
  const reload = async () => {
    await queryClient.cancelQueries({ queryKey });
    await queryClient.invalidateQueries({ queryKey });
  };

  const find = (id: Widget['id']) => {
    const pages = queryClient.getQueryData(queryKey);
    return pages && findWidget(pages, id);
  };

  const write = (event: WidgetEvent) => {
    queryClient.setQueryData(queryKey, (pages) => pages && applyWidgetEvent(pages, event));
  };

  const apply = (event: WidgetEvent) => {
    if (!isNews(queryClient, event)) return;
    if (event.kind === 'gap') return void reload();
    const id = event.kind === 'deleted' ? event.id : event.widget.id;
    const message = describeChange(find(id), event);
    write(event);
    if (message !== undefined) announce(message);
  };

  return { apply, write, find, reload };
}
