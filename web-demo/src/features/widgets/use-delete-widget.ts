import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../components/api';
import { useWidgetCache } from './use-widget-cache';

/** Deletes a widget; that somebody else was faster comes to the same. */
export function useDeleteWidget() {
  const cache = useWidgetCache();
  return useMutation(
    useApi().widgets.delete.mutationOptions({
      // The list takes the answer in, and need not be read again.
      invalidate: false,
      onSuccess: (_success, { id }) => {
        cache.apply({ kind: 'deleted', id });
      },
      onError: (error) => {
        const problem = error.error;
        if (problem?.kind !== 'WIDGET_NOT_FOUND') return;
        cache.apply({ kind: 'deleted', id: problem.id });
      },
    }),
  );
}
