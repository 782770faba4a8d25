import type { ChatSession } from '@tintype/bindings/api';
import { RemovalDialog } from '../../components/removal-dialog';
import { useDeleteSession } from './use-delete-session';

type DeleteSessionDialogProps = {
  session: Pick<ChatSession, 'id' | 'title'>;
  onDeleted: () => void;
};

/** Deletes a conversation after asking. */
export function DeleteSessionDialog({ session, onDeleted }: DeleteSessionDialogProps) {
  const removal = useDeleteSession(onDeleted);
  return (
    <RemovalDialog
      verb="Delete"
      subject="this conversation"
      title={`Delete “${session.title}”?`}
      action="Delete conversation"
      otherwise="Keep it"
      failed="The conversation was not deleted"
      removal={removal}
      onConfirm={() => removal.mutate({ id: session.id })}
    >
      It disappears for everybody in the workspace, with all its messages. What it has cost stays in
      the books. This cannot be undone.
    </RemovalDialog>
  );
}
