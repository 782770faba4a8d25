import { useMutation } from '@tanstack/react-query';
import { useTRPC } from '../../components/trpc';
import { useWidgetCache } from './use-widget-cache';

/** Deletes a widget; that somebody else was faster comes to the same. */
export function useDeleteWidget() {
  const cache = useWidgetCache();
  return useMutation(
    useTRPC().widgets.delete.mutationOptions({
      onSuccess: (_success, { id }) => {
        cache.apply({ kind: 'deleted', id });
      },
      onError: (error) => {
        const problem = error.data?.error;
        if (problem?.kind !== 'WIDGET_NOT_FOUND') return;
        cache.apply({ kind: 'deleted', id: problem.id });
      },
    }),
  );
}
