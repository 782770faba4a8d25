import { PageFrame } from './page-frame';

/** Shown while a page takes its time. */
export function PagePending() {
  return (
    <PageFrame>
      <div role="status" aria-label="Opening the page">
        <div className="snipped plate developing h-40" aria-hidden="true" />
      </div>
    </PageFrame>
  );
}
