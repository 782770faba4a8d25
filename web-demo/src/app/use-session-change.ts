import type { SignedIn } from '@tintype/bindings/api';
import { useEffect, useState } from 'react';
import { api, queryClient, router } from './application';
import { endSession } from './session-end';

/**
 * Leaves the page when its session is over, and starts anew when it has become another's:
 * nothing that was read before belongs to them. Says whether the latter is the case.
 */
export function useSessionChange(session: SignedIn | null | undefined): boolean {
  const [first] = useState(session);
  const isSomebodyElse = Boolean(first && session && first.user.id !== session.user.id);

  useEffect(() => {
    if (session === null) endSession({ queryClient, api, router });
  }, [session]);

  useEffect(() => {
    if (isSomebodyElse) window.location.reload();
  }, [isSomebodyElse]);

  return isSomebodyElse;
}
