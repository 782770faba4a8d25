import type { UserId } from '@tintype/bindings/api';
import { AlertDialog } from 'radix-ui';
import { useRef, useState } from 'react';
import { Button } from '../../components/button';
import { dialogFrame } from '../../components/dialog-frame';
import { FailureNotice } from '../../components/failure-notice';
import { useRemoveMember } from './use-remove-member';

type RemoveMemberDialogProps = {
  id: UserId;
  name: string;
  /** Called when the dialog is closed and the member gone, to move the focus on. */
  onRemoved: () => void;
};

/** Removes a member after asking. */
export function RemoveMemberDialog({ id, name, onRemoved }: RemoveMemberDialogProps) {
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const remove = useRemoveMember();
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
          Remove<span className="sr-only"> {name}</span>
        </Button>
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={dialogFrame.overlay} />
        <AlertDialog.Content
          className={dialogFrame.content}
          onCloseAutoFocus={(event) => {
            // The button that opened the dialog went with the member, whoever removed them.
            if (trigger.current?.isConnected) return;
            event.preventDefault();
            onRemoved();
          }}
        >
          <AlertDialog.Title className={dialogFrame.title}>Remove {name}?</AlertDialog.Title>
          <AlertDialog.Description className={dialogFrame.description}>
            They are signed out everywhere at once, and their open invitations are revoked. What
            they made in the workspace stays.
          </AlertDialog.Description>
          {remove.error && (
            <FailureNotice
              title={`${name} was not removed`}
              error={remove.error}
              className="mt-5"
            />
          )}
          <div className={dialogFrame.actions}>
            <AlertDialog.Cancel asChild>
              <Button>Cancel</Button>
            </AlertDialog.Cancel>
            <Button look="alarm" busy={remove.isPending} onClick={() => remove.mutate({ id })}>
              {remove.isPending ? 'Removing…' : 'Remove member'}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
