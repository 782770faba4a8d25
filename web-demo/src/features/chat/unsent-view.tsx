import { Link } from '@tanstack/react-router';
import { Button } from '../../components/button';
import { describeFailure, readFailure, sentence } from '../../components/failure';
import { Notice } from '../../components/notice';
import { Bubble } from './message-view';
import type { SendFailure, Unsent } from './use-send-message';

type UnsentViewProps = {
  message: Unsent;
  onRetry: () => void;
  onDiscard: () => void;
};

/** A message on its way, or one that was not sent. */
export function UnsentView({ message, onRetry, onDiscard }: UnsentViewProps) {
  const { content, error } = message;
  return (
    <Bubble side="question" label="Your question" foot={error ? 'Not sent' : 'Sending…'}>
      <p className={`whitespace-pre-wrap wrap-anywhere ${error ? '' : 'text-muted'}`}>{content}</p>
      {error && (
        <Notice
          look="alarm"
          title={titleOf(error)}
          className="mt-3"
          actions={
            <>
              <Button onClick={onRetry}>Try again</Button>
              <Button look="plain" onClick={onDiscard}>
                Discard
              </Button>
              {error.error?.kind === 'BUDGET_EXCEEDED' && (
                <Link to="/costs" className="link">
                  See costs and the limit
                </Link>
              )}
            </>
          }
        >
          {explain(error)}
        </Notice>
      )}
    </Bubble>
  );
}

function titleOf(error: SendFailure): string {
  switch (error.error?.kind) {
    case 'BUDGET_EXCEEDED':
      return 'This month’s budget does not suffice';
    case 'TOO_MANY_RUNS':
      return 'Too many answers are waiting';
    default:
      return 'The message was not sent';
  }
}

function explain(error: SendFailure): string {
  const [issue] = error.validation ?? [];
  return issue ? sentence(issue.message) : describeFailure(readFailure(error));
}
