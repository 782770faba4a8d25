import { useQueryClient } from '@tanstack/react-query';
import { Button } from '../../components/button';
import { DocumentListProblem } from './document-list-problem';
import { DocumentRow } from './document-row';
import { DocumentsSkeleton } from './documents-skeleton';
import { useDocumentList, useDocumentListOptions } from './use-document-list';

/** The workspace's documents in each of their states. */
export function DocumentList({ onDeleted }: { onDeleted: () => void }) {
  const queryClient = useQueryClient();
  const { queryKey } = useDocumentListOptions();
  const list = useDocumentList();
  const restart = () => queryClient.resetQueries({ queryKey });

  if (list.isPending) return <DocumentsSkeleton />;
  if (list.data === undefined) {
    return <DocumentListProblem error={list.error} onRetry={list.refetch} onRestart={restart} />;
  }
  const documents = list.data.pages.flatMap((page) => page.items);
  const { error } = list;
  return (
    <>
      {error && !list.isFetchNextPageError && (
        <div className="mb-5">
          <DocumentListProblem error={error} onRetry={list.refetch} onRestart={restart} />
        </div>
      )}
      {documents.length === 0 && !list.hasNextPage ? (
        <div className="mat px-6 py-12 text-center">
          <h3 className="font-display text-xl tracking-tight">No documents yet</h3>
          <p className="mx-auto mt-2 max-w-sm text-muted">
            Add one above. As soon as it is read, everybody in this workspace finds what it says,
            and the chat answers from it.
          </p>
        </div>
      ) : (
        <ul aria-label="Documents" className="space-y-3">
          {documents.map((document) => (
            <li key={document.id}>
              <DocumentRow document={document} onDeleted={onDeleted} />
            </li>
          ))}
        </ul>
      )}
      {error && list.isFetchNextPageError && (
        <div className="mt-5">
          <DocumentListProblem error={error} onRetry={list.fetchNextPage} onRestart={restart} />
        </div>
      )}
      {list.hasNextPage && (
        <div className="mt-8 flex justify-center">
          <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {list.isFetchingNextPage ? 'Loading…' : 'Load more'}
          </Button>
        </div>
      )}
    </>
  );
}
