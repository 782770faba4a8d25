import { useQueryClient } from '@tanstack/react-query';
import { Button } from '../../components/button';
import { EmptyWidgets } from './empty-widgets';
import { ListProblem } from './list-problem';
import { useWidgetList, useWidgetListOptions } from './use-widget-list';
import { WidgetCard } from './widget-card';
import { WidgetsSkeleton } from './widgets-skeleton';

/** The workspace's widgets in each of their states. */
export function WidgetList({ onDeleted }: { onDeleted: () => void }) {
  const queryClient = useQueryClient();
  const { queryKey } = useWidgetListOptions();
  const list = useWidgetList();
  const restart = () => queryClient.resetQueries({ queryKey });

  if (list.isPending) return <WidgetsSkeleton />;
  if (list.data === undefined) {
    return <ListProblem error={list.error} onRetry={list.refetch} onRestart={restart} />;
  }
  const widgets = list.data.pages.flatMap((page) => page.items);
  const { error } = list;
  return (
    <>
      {error && !list.isFetchNextPageError && (
        <div className="mb-5">
          <ListProblem error={error} onRetry={list.refetch} onRestart={restart} />
        </div>
      )}
      {widgets.length === 0 && !list.hasNextPage ? (
        <EmptyWidgets />
      ) : (
        <ul aria-label="Widgets" className="widget-grid">
          {widgets.map((widget) => (
            <li key={widget.id}>
              <WidgetCard widget={widget} onDeleted={onDeleted} />
            </li>
          ))}
        </ul>
      )}
      {error && list.isFetchNextPageError && (
        <div className="mt-5">
          <ListProblem error={error} onRetry={list.fetchNextPage} onRestart={restart} />
        </div>
      )}
      {list.hasNextPage && (
        <div className="mt-8 flex justify-center">
          <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {list.isFetchingNextPage ? 'Loading…' : 'Load more'}
          </Button>
        </div>
      )}
    </>
  );
}
