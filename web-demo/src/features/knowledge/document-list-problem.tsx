import { Button } from '../../components/button';
import { FailureNotice } from '../../components/failure-notice';
import { Notice } from '../../components/notice';
import type { useDocumentList } from './use-document-list';

type DocumentListProblemProps = {
  error: NonNullable<ReturnType<typeof useDocumentList>['error']>;
  onRetry: () => void;
  onRestart: () => void;
};

/** Why the documents, or more of them, could not be read, and what to do. */
export function DocumentListProblem({ error, onRetry, onRestart }: DocumentListProblemProps) {
  switch (error.error?.kind) {
    case 'INVALID_CURSOR':
      return (
        <Notice
          look="alarm"
          title="The list cannot go on from here"
          actions={<Button onClick={onRestart}>Start from the newest</Button>}
        >
          The server does not know this place in the list any more.
        </Notice>
      );
    default:
      return (
        <FailureNotice title="The documents could not be read" error={error} onRetry={onRetry} />
      );
  }
}
