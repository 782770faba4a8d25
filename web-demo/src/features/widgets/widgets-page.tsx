import { useRef } from 'react';
import { Button } from '../../components/button';
import { LiveStatus } from '../../components/live-status';
import { useDocumentTitle } from '../../components/use-document-title';
import { NewWidgetDialog } from './new-widget-dialog';
import { useLiveWidgets } from './use-live-widgets';
import { WidgetList } from './widget-list';

type WidgetsPageProps = {
  tenantName: string;
};

/** The widgets of the workspace, live. */
export function WidgetsPage({ tenantName }: WidgetsPageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const live = useLiveWidgets();
  useDocumentTitle('Widgets');

  return (
    <>
      <div className="mb-8 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <p className="eyebrow wrap-anywhere">{tenantName}</p>
          <div className="mt-1 flex flex-wrap items-baseline gap-x-4 gap-y-1">
            <h1
              ref={heading}
              tabIndex={-1}
              className="font-display text-4xl tracking-tight outline-none"
            >
              Widgets
            </h1>
            <LiveStatus state={live.state} onReconnect={live.reconnect} />
          </div>
        </div>
        <NewWidgetDialog>
          <Button look="primary">New widget</Button>
        </NewWidgetDialog>
      </div>
      <WidgetList onDeleted={() => heading.current?.focus()} />
    </>
  );
}
