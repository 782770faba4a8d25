import type { UserId } from '@tintype/bindings/api';
import { RemovalDialog } from '../../components/removal-dialog';
import { useRemoveMember } from './use-remove-member';

type RemoveMemberDialogProps = {
  id: UserId;
  name: string;
  /** Called when the dialog is closed and the member gone, to move the focus on. */
  onRemoved: () => void;
};

/** Removes a member after asking. */
export function RemoveMemberDialog({ id, name, onRemoved }: RemoveMemberDialogProps) {
  const removal = useRemoveMember();
  return (
    <RemovalDialog
      verb="Remove"
      subject={name}
      title={`Remove ${name}?`}
      action="Remove member"
      otherwise="Cancel"
      failed={`${name} was not removed`}
      removal={removal}
      onConfirm={() => removal.mutate({ id })}
      onGone={onRemoved}
    >
      They are signed out everywhere at once, and their open invitations are revoked. What they made
      in the workspace stays.
    </RemovalDialog>
  );
}
