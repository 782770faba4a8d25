import type { Writing } from '@tintype/bindings/api';
import { Button } from '../../components/button';
import { sentence } from '../../components/failure';
import { FailureNotice } from '../../components/failure-notice';
import { Notice } from '../../components/notice';
import { isUnderWay } from './chat-state';
import { Markdown } from './markdown';
import { Bubble, modelLabel } from './message-view';
import { useStopRun } from './use-stop-run';

/** An answer whose message is not there yet: it waits, is being written, or came to nothing. */
export function WritingView({ writing }: { writing: Writing }) {
  const { run, text } = writing;
  const stop = useStopRun();
  return (
    <Bubble
      side="answer"
      label="Answer"
      foot={
        <>
          {modelLabel(run.provider, run.model)}
          {run.fallbackFrom !== null && ` in place of ${run.fallbackFrom}, which failed`}
        </>
      }
    >
      {text !== '' && <Markdown text={text} />}
      {isUnderWay(writing) && (
        <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2">
          <p role="status" className="developing text-sm text-muted">
            {run.state === 'queued' ? 'Waiting for its turn…' : 'Writing…'}
          </p>
          <Button
            busy={stop.isPending}
            className="min-h-9"
            onClick={() => stop.mutate({ runId: run.id })}
          >
            {stop.isPending ? 'Stopping…' : 'Stop'}
            <span className="sr-only"> this answer</span>
          </Button>
        </div>
      )}
      {stop.error && isUnderWay(writing) && (
        <FailureNotice title="The answer was not stopped" error={stop.error} className="mt-3" />
      )}
      {run.state === 'cancelled' && text === '' && (
        <p className="text-muted">Stopped before anything was said.</p>
      )}
      {run.state === 'failed' && (
        <Notice look="alarm" title="There is no answer" className="mt-2">
          {sentence(run.reason ?? 'Nobody knows why: ask again in a moment')}
        </Notice>
      )}
    </Bubble>
  );
}
