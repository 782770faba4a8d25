import type { User } from '@tintype/bindings/api';
import { useDocumentTitle } from '../../components/use-document-title';
import { PasswordPanel } from './password-panel';
import { SessionsPanel } from './sessions-panel';

/** What belongs to whoever is signed in: where they are signed in, and their password. */
export function AccountPage({ user }: { user: User }) {
  useDocumentTitle('Account');
  return (
    <>
      <div className="mb-8">
        <p className="eyebrow tracking-normal normal-case wrap-anywhere">{user.email}</p>
        <h1 className="mt-1 font-display text-4xl tracking-tight">Account</h1>
      </div>
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <SessionsPanel />
        <PasswordPanel email={user.email} />
      </div>
    </>
  );
}
