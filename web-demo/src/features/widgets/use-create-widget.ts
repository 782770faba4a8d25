import { useMutation } from '@tanstack/react-query';
import type { Widget } from '@tintype/bindings';
import { useTRPC } from '../../components/trpc';
import { useWidgetCache } from './use-widget-cache';

/** Creates a widget and goes on with `onCreated`. */
export function useCreateWidget(onCreated: (widget: Widget) => void) {
  const cache = useWidgetCache();
  return useMutation(
    useTRPC().widgets.create.mutationOptions({
      onSuccess: (widget) => {
        cache.apply({ kind: 'created', widget });
        onCreated(widget);
      },
    }),
  );
}
