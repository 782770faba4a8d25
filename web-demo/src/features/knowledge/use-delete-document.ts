import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../components/api';
import { useDocumentCache } from './use-document-cache';

/** Deletes a document; that somebody else was faster comes to the same. */
export function useDeleteDocument() {
  const cache = useDocumentCache();
  return useMutation(
    useApi().knowledge.documents.delete.mutationOptions({
      // The list takes the answer in, and need not be read again.
      invalidate: false,
      onSuccess: (_success, { id }) => {
        cache.apply({ kind: 'deleted', id });
      },
      onError: (error) => {
        const problem = error.error;
        if (problem?.kind !== 'DOCUMENT_NOT_FOUND') return;
        cache.apply({ kind: 'deleted', id: problem.id });
      },
    }),
  );
}
