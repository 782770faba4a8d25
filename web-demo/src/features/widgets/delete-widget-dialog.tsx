import type { Widget } from '@tintype/bindings/api';
import { RemovalDialog } from '../../components/removal-dialog';
import { useDeleteWidget } from './use-delete-widget';

type DeleteWidgetDialogProps = {
  widget: Widget;
  /** Called when the dialog is closed and the widget gone, to move the focus on. */
  onDeleted: () => void;
};

/** Deletes a widget after asking. */
export function DeleteWidgetDialog({ widget, onDeleted }: DeleteWidgetDialogProps) {
  const removal = useDeleteWidget();
  return (
    <RemovalDialog
      verb="Delete"
      subject={widget.name}
      title={`Delete ${widget.name}?`}
      action="Delete widget"
      otherwise="Keep it"
      failed="The widget was not deleted"
      removal={removal}
      onConfirm={() => removal.mutate({ id: widget.id })}
      onGone={onDeleted}
    >
      It disappears for everybody in the workspace, with its configuration. This cannot be undone.
    </RemovalDialog>
  );
}
