import { useMutation } from '@tanstack/react-query';
import { useTRPC } from '../../components/trpc';
import { useWidgetCache } from './use-widget-cache';

/** Gives a widget a new configuration and goes on with `onConfigured`. */
export function useConfigureWidget(onConfigured: () => void) {
  const cache = useWidgetCache();
  return useMutation(
    useTRPC().widgets.update.mutationOptions({
      onSuccess: (widget) => {
        cache.apply({ kind: 'updated', widget });
        onConfigured();
      },
    }),
  );
}
