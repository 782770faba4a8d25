import { Link } from '@tanstack/react-router';
import { Button } from '../../components/button';
import { Notice } from '../../components/notice';
import { canRetry, describeProblem } from './upload-problem';
import type { Upload } from './use-uploads';

type UploadViewProps = {
  upload: Upload;
  onRetry: () => void;
  onDismiss: () => void;
};

/** A document on its way, or why it did not become a new one. */
export function UploadView({ upload, onRetry, onDismiss }: UploadViewProps) {
  const { name, progress } = upload;
  const dismiss = (
    <Button look="plain" onClick={onDismiss}>
      Dismiss<span className="sr-only"> the notice about {name}</span>
    </Button>
  );
  switch (progress.kind) {
    case 'waiting':
      return (
        <p role="status" className="developing mat px-4 py-3 text-[0.9375rem] wrap-anywhere">
          {name} waits for its turn…
        </p>
      );
    case 'sending':
      return (
        <div className="mat px-4 py-3 text-[0.9375rem] wrap-anywhere">
          <p role="status" className={progress.part === undefined ? 'developing' : undefined}>
            Sending {name}…
          </p>
          {progress.part !== undefined && (
            <>
              <progress
                aria-label={`How much of ${name} has been sent`}
                value={progress.part}
                className="sr-only"
              />
              <div
                aria-hidden="true"
                className="mt-2 h-2 overflow-hidden rounded-full bg-sunk ring-1 ring-line"
              >
                <div className="h-full bg-verdigris" style={{ width: `${progress.part * 100}%` }} />
              </div>
            </>
          )}
        </div>
      );
    case 'present':
      return (
        <Notice
          title={`${name} is already there`}
          actions={dismiss}
          isWide
          className="wrap-anywhere"
        >
          A document with the same content is called{' '}
          <Link
            to="/knowledge/$documentId"
            params={{ documentId: progress.document.id }}
            className="link"
          >
            {progress.document.title}
          </Link>
          .
        </Notice>
      );
    case 'failed':
      return (
        <Notice
          look="alarm"
          title={`${name} was not added`}
          className="wrap-anywhere"
          actions={
            <>
              {canRetry(progress.error) && <Button onClick={onRetry}>Try again</Button>}
              {dismiss}
            </>
          }
        >
          {describeProblem(progress.error)}
        </Notice>
      );
  }
}
