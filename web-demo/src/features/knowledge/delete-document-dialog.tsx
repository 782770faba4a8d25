import type { Document } from '@tintype/bindings/api';
import { AlertDialog } from 'radix-ui';
import { useRef, useState } from 'react';
import { Button } from '../../components/button';
import { dialogFrame } from '../../components/dialog-frame';
import { FailureNotice } from '../../components/failure-notice';
import { useDeleteDocument } from './use-delete-document';

type DeleteDocumentDialogProps = {
  document: Document;
  /** Called when the dialog is closed and the document gone, to move the focus on. */
  onDeleted: () => void;
};

/** Deletes a document after asking. */
export function DeleteDocumentDialog({ document, onDeleted }: DeleteDocumentDialogProps) {
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const remove = useDeleteDocument();
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
          Delete<span className="sr-only"> {document.title}</span>
        </Button>
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={dialogFrame.overlay} />
        <AlertDialog.Content
          className={dialogFrame.content}
          onCloseAutoFocus={(event) => {
            // The button that opened the dialog went with the document, whoever deleted it.
            if (trigger.current?.isConnected) return;
            event.preventDefault();
            onDeleted();
          }}
        >
          <AlertDialog.Title className={dialogFrame.title}>
            Delete {document.title}?
          </AlertDialog.Title>
          <AlertDialog.Description className={dialogFrame.description}>
            Nobody in the workspace finds it any more. Answers that quote it keep their quotes. This
            cannot be undone.
          </AlertDialog.Description>
          {remove.error && (
            <FailureNotice
              title="The document was not deleted"
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
              onClick={() => remove.mutate({ id: document.id })}
            >
              {remove.isPending ? 'Deleting…' : 'Delete document'}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
