import type { Widget } from '@tintype/bindings/api';
import { ConfigDialog } from './config-dialog';
import { DeleteWidgetDialog } from './delete-widget-dialog';
import { PlateImage } from './plate-image';
import { WidgetName } from './widget-name';

type WidgetCardProps = {
  widget: Widget;
  /** Called when the card with the focus is gone. */
  onDeleted: () => void;
};

const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** A widget, mounted like a plate in its mat. */
export function WidgetCard({ widget, onDeleted }: WidgetCardProps) {
  const entries = Object.entries(widget.config);
  return (
    <article aria-label={widget.name} className="mat flex h-full flex-col p-3">
      <PlateImage id={widget.id} name={widget.name} />
      <div className="flex flex-1 flex-col px-2 pt-4 pb-1">
        <WidgetName widget={widget} />
        <ConfigSummary entries={entries} />
        <p className="mt-auto pt-4 text-sm text-muted">
          Changed{' '}
          <time dateTime={widget.updatedAt.toISOString()}>{date.format(widget.updatedAt)}</time>
        </p>
      </div>
      <div className="mt-3 flex items-center gap-1 border-t border-line pt-2">
        <ConfigDialog widget={widget} />
        <DeleteWidgetDialog widget={widget} onDeleted={onDeleted} />
      </div>
    </article>
  );
}

const SHOWN_ENTRIES = 3;

function ConfigSummary({ entries }: { entries: ReadonlyArray<[string, unknown]> }) {
  if (entries.length === 0) {
    return <p className="mt-2 text-sm text-muted">No configuration yet</p>;
  }
  const hidden = entries.length - SHOWN_ENTRIES;
  return (
    <dl className="mt-2 space-y-1 font-mono text-[0.8125rem]">
      {entries.slice(0, SHOWN_ENTRIES).map(([key, value]) => (
        <div key={key} className="flex gap-2">
          <dt className="max-w-1/2 shrink-0 truncate text-muted">{key}</dt>
          <dd className="truncate">{JSON.stringify(value)}</dd>
        </div>
      ))}
      {hidden > 0 && <div className="text-muted">and {hidden} more</div>}
    </dl>
  );
}
