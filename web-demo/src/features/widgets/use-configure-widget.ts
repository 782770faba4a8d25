import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../components/api';
import { useWidgetCache } from './use-widget-cache';

/** Gives a widget a new configuration and goes on with `onConfigured`. */
export function useConfigureWidget(onConfigured: () => void) {
  const cache = useWidgetCache();
  return useMutation(
    useApi().widgets.update.mutationOptions({
      // The list takes the answer in, and need not be read again.
      invalidate: false,
      onSuccess: (widget) => {
        cache.apply({ kind: 'updated', widget });
        onConfigured();
      },
    }),
  );
}
