import { Button } from '../../components/button';
import { FailureNotice } from '../../components/failure-notice';
import { Notice } from '../../components/notice';
import type { useWidgetList } from './use-widget-list';

type ListProblemProps = {
  error: NonNullable<ReturnType<typeof useWidgetList>['error']>;
  onRetry: () => void;
  onRestart: () => void;
};

/** Why the widgets, or more of them, could not be read, and what to do. */
export function ListProblem({ error, onRetry, onRestart }: ListProblemProps) {
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
        <FailureNotice title="The widgets could not be read" error={error} onRetry={onRetry} />
      );
  }
}
