import { Button } from './button';
import { describeFailure, readFailure } from './failure';
import { Notice } from './notice';

type FailureNoticeProps = {
  /** What was not done, as a sentence without its full stop. */
  title: string;
  error: unknown;
  onRetry?: (() => void) | undefined;
  className?: string;
};

/** An error that the procedure does not declare, with the way out. */
export function FailureNotice({ title, error, onRetry, className = '' }: FailureNoticeProps) {
  return (
    <Notice
      look="alarm"
      title={title}
      className={className}
      actions={onRetry && <Button onClick={onRetry}>Try again</Button>}
    >
      {describeFailure(readFailure(error))}
    </Notice>
  );
}
