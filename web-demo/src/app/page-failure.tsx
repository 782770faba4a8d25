import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import { FailureNotice } from '../components/failure-notice';
import { PageFrame } from './page-frame';

/** Shown in place of a page that could not be opened. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <PageFrame>
      <FailureNotice
        title="The page could not be opened"
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </PageFrame>
  );
}
