import type { ChatSession } from '@tintype/bindings/api';
import { AlertDialog } from 'radix-ui';
import { useState } from 'react';
import { Button } from '../../components/button';
import { dialogFrame } from '../../components/dialog-frame';
import { FailureNotice } from '../../components/failure-notice';
import { useDeleteSession } from './use-delete-session';

type DeleteSessionDialogProps = {
  session: Pick<ChatSession, 'id' | 'title'>;
  onDeleted: () => void;
};

/** Deletes a conversation after asking. */
export function DeleteSessionDialog({ session, onDeleted }: DeleteSessionDialogProps) {
  const [open, setOpen] = useState(false);
  const remove = useDeleteSession(onDeleted);
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(next) => {
        remove.reset();
        setOpen(next);
      }}
    >
      <AlertDialog.Trigger asChild>
        <Button look="plain">
          Delete<span className="sr-only"> this conversation</span>
        </Button>
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={dialogFrame.overlay} />
        <AlertDialog.Content className={dialogFrame.content}>
          <AlertDialog.Title className={dialogFrame.title}>
            Delete “{session.title}”?
          </AlertDialog.Title>
          <AlertDialog.Description className={dialogFrame.description}>
            It disappears for everybody in the workspace, with all its messages. What it has cost
            stays in the books. This cannot be undone.
          </AlertDialog.Description>
          {remove.error && (
            <FailureNotice
              title="The conversation was not deleted"
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
              onClick={() => remove.mutate({ id: session.id })}
            >
              {remove.isPending ? 'Deleting…' : 'Delete conversation'}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
