import { useMutation } from '@tanstack/react-query';
import { useTRPC } from '../../components/trpc';
import { useWidgetCache } from './use-widget-cache';

/** Gives a widget a new name, shown at once and taken back if the server refuses. */
export function useRenameWidget() {
  const cache = useWidgetCache();
  return useMutation(
    useTRPC().widgets.update.mutationOptions({
      onMutate: ({ id, name }) => {
        const before = cache.find(id);
        if (before && name) cache.write({ kind: 'updated', widget: { ...before, name } });
        return { before };
      },
      onSuccess: (widget) => cache.apply({ kind: 'updated', widget }),
      onError: (error, _input, context) => {
        const problem = error.data?.error;
        if (problem?.kind === 'WIDGET_NOT_FOUND') cache.apply({ kind: 'deleted', id: problem.id });
        else if (context?.before) cache.write({ kind: 'updated', widget: context.before });
      },
    }),
  );
}
