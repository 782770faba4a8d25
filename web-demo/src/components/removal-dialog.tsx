import { AlertDialog } from 'radix-ui';
import { type ReactNode, useRef, useState } from 'react';
import { Button } from './button';
import { dialogFrame } from './dialog-frame';
import { FailureNotice } from './failure-notice';

type RemovalDialogProps = {
  verb: 'Delete' | 'Remove';
  /** What the button that opens it is about, for who does not see where it is. */
  subject: string;
  title: string;
  /** What goes with it, and what stays. */
  children: ReactNode;
  /** What the button that does it says. */
  action: string;
  /** What the button that does not says. */
  otherwise: string;
  /** What is said if it fails. */
  failed: string;
  /** The mutation that does it. */
  removal: Removal;
  onConfirm: () => void;
  /** Called when the dialog is closed and the button that opened it gone, to move the focus on. */
  onGone?: () => void;
};

type Removal = {
  error: Error | null;
  isPending: boolean;
  reset: () => void;
};

/** Asks before something is gone for good, and says why if it stays. */
export function RemovalDialog({
  verb,
  subject,
  title,
  children,
  action,
  otherwise,
  failed,
  removal,
  onConfirm,
  onGone,
}: RemovalDialogProps) {
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(next) => {
        removal.reset();
        setOpen(next);
      }}
    >
      <AlertDialog.Trigger asChild>
        <Button ref={trigger} look="plain">
          {verb}
          <span className="sr-only"> {subject}</span>
        </Button>
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={dialogFrame.overlay} />
        <AlertDialog.Content
          className={dialogFrame.content}
          onCloseAutoFocus={(event) => {
            // The button went with what was removed, whoever did it.
            if (onGone === undefined || trigger.current?.isConnected) return;
            event.preventDefault();
            onGone();
          }}
        >
          <AlertDialog.Title className={dialogFrame.title}>{title}</AlertDialog.Title>
          <AlertDialog.Description className={dialogFrame.description}>
            {children}
          </AlertDialog.Description>
          {removal.error && <FailureNotice title={failed} error={removal.error} className="mt-5" />}
          <div className={dialogFrame.actions}>
            <AlertDialog.Cancel asChild>
              <Button>{otherwise}</Button>
            </AlertDialog.Cancel>
            <Button look="alarm" busy={removal.isPending} onClick={onConfirm}>
              {removal.isPending ? (verb === 'Delete' ? 'Deleting…' : 'Removing…') : action}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
