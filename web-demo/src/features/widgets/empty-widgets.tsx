import { Button } from '../../components/button';
import { NewWidgetDialog } from './new-widget-dialog';

/** A workspace without widgets, and the way to its first. */
export function EmptyWidgets() {
  return (
    <div className="mat flex flex-col items-center px-6 py-14 text-center">
      <div className="snipped plate w-44">
        <svg viewBox="-80 -60 160 120" aria-hidden="true" className="block w-full">
          <ellipse rx="34" ry="42" fill="none" stroke="#8f7f69" strokeDasharray="3 4" />
          <path d="M-9 0H9M0-9V9" stroke="#ddd2bf" strokeWidth="1.6" />
        </svg>
      </div>
      <h2 className="mt-7 font-display text-2xl tracking-tight">No widgets yet</h2>
      <p className="mt-2 max-w-sm text-muted">
        A widget has a name and a configuration. Create the first, and it appears in every window of
        this workspace.
      </p>
      <NewWidgetDialog>
        <Button look="primary" className="mt-6">
          Create the first widget
        </Button>
      </NewWidgetDialog>
    </div>
  );
}
