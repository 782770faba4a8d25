import type { Widget } from '@tintype/bindings/api';
import { AlertDialog } from 'radix-ui';
import { useRef, useState } from 'react';
import { Button } from '../../components/button';
import { dialogFrame } from '../../components/dialog-frame';
import { FailureNotice } from '../../components/failure-notice';
import { useDeleteWidget } from './use-delete-widget';

type DeleteWidgetDialogProps = {
  widget: Widget;
  /** Called when the dialog is closed and the widget gone, to move the focus on. */
  onDeleted: () => void;
};

/** Deletes a widget after asking. */
export function DeleteWidgetDialog({ widget, onDeleted }: DeleteWidgetDialogProps) {
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const remove = useDeleteWidget();
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(next) => {
        remove.reset();
        setOpen(next);
      }}
    >
      <AlertDialog.Trigger asChild>
        <Button ref={trigger} look="plain">
          Delete<span className="sr-only"> {widget.name}</span>
        </Button>
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={dialogFrame.overlay} />
        <AlertDialog.Content
          className={dialogFrame.content}
          onCloseAutoFocus={(event) => {
            // The button that opened the dialog went with the widget, whoever deleted it.
            if (trigger.current?.isConnected) return;
            event.preventDefault();
            onDeleted();
          }}
        >
          <AlertDialog.Title className={dialogFrame.title}>Delete {widget.name}?</AlertDialog.Title>
          <AlertDialog.Description className={dialogFrame.description}>
            It disappears for everybody in the workspace, with its configuration. This cannot be
            undone.
          </AlertDialog.Description>
          {remove.error && (
            <FailureNotice
              title="The widget was not deleted"
              error={remove.error}
              className="mt-5"
            />
          )}
          <div className={dialogFrame.actions}>
            <AlertDialog.Cancel asChild>
              <Button>Keep it</Button>
            </AlertDialog.Cancel>
            <Button
              look="alarm"
              busy={remove.isPending}
              onClick={() => remove.mutate({ id: widget.id })}
            >
              {remove.isPending ? 'Deleting…' : 'Delete widget'}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
