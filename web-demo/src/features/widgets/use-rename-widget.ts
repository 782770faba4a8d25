import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../components/api';
import { useWidgetCache } from './use-widget-cache';

/** Gives a widget a new name, shown at once and taken back if the server refuses. */
export function useRenameWidget() {
  const cache = useWidgetCache();
  return useMutation(
    useApi().widgets.update.mutationOptions({
      // The list takes the answer in, and need not be read again.
      invalidate: false,
      onMutate: ({ id, name }) => {
        const before = cache.find(id);
        if (before && name) cache.write({ kind: 'updated', widget: { ...before, name } });
        return { before };
      },
      onSuccess: (widget) => cache.apply({ kind: 'updated', widget }),
      onError: (error, _input, context) => {
        const problem = error.error;
        if (problem?.kind === 'WIDGET_NOT_FOUND') cache.apply({ kind: 'deleted', id: problem.id });
        else if (context?.before) cache.write({ kind: 'updated', widget: context.before });
      },
    }),
  );
}
