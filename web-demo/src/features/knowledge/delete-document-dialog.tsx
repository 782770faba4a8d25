import type { Document } from '@tintype/bindings/api';
import { RemovalDialog } from '../../components/removal-dialog';
import { useDeleteDocument } from './use-delete-document';

type DeleteDocumentDialogProps = {
  document: Document;
  /** Called when the dialog is closed and the document gone, to move the focus on. */
  onDeleted: () => void;
};

/** Deletes a document after asking. */
export function DeleteDocumentDialog({ document, onDeleted }: DeleteDocumentDialogProps) {
  const removal = useDeleteDocument();
  return (
    <RemovalDialog
      verb="Delete"
      subject={document.title}
      title={`Delete ${document.title}?`}
      action="Delete document"
      otherwise="Keep it"
      failed="The document was not deleted"
      removal={removal}
      onConfirm={() => removal.mutate({ id: document.id })}
      onGone={onDeleted}
    >
      Nobody in the workspace finds it any more. Answers that quote it keep their quotes. This
      cannot be undone.
    </RemovalDialog>
  );
}
