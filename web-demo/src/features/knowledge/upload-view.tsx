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
    case 'sending':
      return (
        <p role="status" className="developing mat px-4 py-3 text-[0.9375rem] wrap-anywhere">
          {progress.kind === 'waiting' ? `${name} waits for its turn…` : `Sending ${name}…`}
        </p>
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
