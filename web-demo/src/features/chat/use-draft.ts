import { useQueryClient } from '@tanstack/react-query';
import type { ChatSessionId } from '@tintype/bindings/api';
import { useState } from 'react';

/** What was written and not sent; it is kept when another page is opened, and forgotten with the session. */
export function useDraft(sessionId: ChatSessionId): [string, (draft: string) => void] {
  const queryClient = useQueryClient();
  const key = ['draft', sessionId];
  const [draft, setDraft] = useState(() => queryClient.getQueryData<string>(key) ?? '');
  return [
    draft,
    (draft) => {
      queryClient.setQueryData(key, draft);
      setDraft(draft);
    },
  ];
}
