import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useApi } from '../../components/api';

/** Begins a conversation and opens it. */
export function useCreateSession() {
  const navigate = useNavigate();
  return useMutation(
    useApi().chat.sessions.create.mutationOptions({
      onSuccess: (session) =>
        void navigate({ to: '/chat/$sessionId', params: { sessionId: session.id } }),
    }),
  );
}
