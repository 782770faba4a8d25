import { useNavigate, useSearch } from '@tanstack/react-router';
import { useSession } from '../features/auth/use-session';
import { KnowledgePage } from '../features/knowledge/knowledge-page';

/** The documents of whoever is signed in. */
export function KnowledgeRoute() {
  const { data: session } = useSession();
  const { q } = useSearch({ from: '/signed-in/knowledge' });
  const navigate = useNavigate();
  // For a moment there is nobody, and the page is being left.
  if (!session) return null;
  return (
    <KnowledgePage
      tenantName={session.tenant.name}
      question={q}
      onSearch={(next) => void navigate({ to: '/knowledge', search: { q: next } })}
    />
  );
}
