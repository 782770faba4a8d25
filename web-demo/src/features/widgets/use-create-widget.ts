import { useMutation } from '@tanstack/react-query';
import type { Widget } from '@tintype/bindings/api';
import { useApi } from '../../components/api';
import { useWidgetCache } from './use-widget-cache';

/** Creates a widget and goes on with `onCreated`. */
export function useCreateWidget(onCreated: (widget: Widget) => void) {
  const cache = useWidgetCache();
  return useMutation(
    useApi().widgets.create.mutationOptions({
      // The list takes the answer in, and need not be read again.
      invalidate: false,
      onSuccess: (widget) => {
        cache.apply({ kind: 'created', widget });
        onCreated(widget);
      },
    }),
  );
}
