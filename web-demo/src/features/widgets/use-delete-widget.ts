import { useMutation } from '@tanstack/react-query';
import { useTRPC } from '../../components/trpc';
import { useWidgetCache } from './use-widget-cache';

/** Deletes a widget and goes on with `onDeleted`, also if somebody else was faster. */
export function useDeleteWidget(onDeleted: () => void) {
  const cache = useWidgetCache();
  return useMutation(
    useTRPC().widgets.delete.mutationOptions({
      onSuccess: (_success, { id }) => {
        onDeleted();
        cache.apply({ kind: 'deleted', id });
      },
      onError: (error) => {
        const problem = error.data?.error;
        if (problem?.kind !== 'WIDGET_NOT_FOUND') return;
        onDeleted();
        cache.apply({ kind: 'deleted', id: problem.id });
      },
    }),
  );
}
