import { Link } from '@tanstack/react-router';
import { useDocumentTitle } from '../components/use-document-title';
import { PageFrame } from './page-frame';

/** Shown for an address that no page has. */
export function NotFoundPage() {
  useDocumentTitle('Not found');
  return (
    <PageFrame>
      <div>
        <h1 className="font-display text-3xl tracking-tight">There is no page here</h1>
        <p className="mt-2 text-muted">The address may be old, or mistyped.</p>
        <Link to="/widgets" className="link mt-6 inline-block">
          To the widgets
        </Link>
      </div>
    </PageFrame>
  );
}
