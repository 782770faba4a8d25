import { useMutation } from '@tanstack/react-query';
import type { ChatSessionId, Message } from '@tintype/bindings/api';
import { useState } from 'react';
import { useApi } from '../../components/api';

/** Why a message was not sent. */
export type SendFailure = NonNullable<ReturnType<typeof useSend>['error']>;

/** A message that the server has not confirmed. */
export type Unsent = {
  clientMessageId: string;
  content: string;
  /** Why it was not sent, if it was tried in vain. */
  error?: SendFailure;
};

function useSend() {
  return useMutation(useApi().chat.sendMessage.mutationOptions());
}

/**
 * Sends messages, which are shown at once; what was not sent can be tried again under the same id, and is there once.
 */
export function useSendMessage(sessionId: ChatSessionId, onSent: (message: Message) => void) {
  const { mutateAsync } = useSend();
  const [unsent, setUnsent] = useState<readonly Unsent[]>([]);

  const remove = ({ clientMessageId }: Unsent) =>
    setUnsent((before) => before.filter((other) => other.clientMessageId !== clientMessageId));
  const show = (message: Unsent) =>
    setUnsent((before) =>
      before.some((other) => other.clientMessageId === message.clientMessageId)
        ? before.map((other) =>
            other.clientMessageId === message.clientMessageId ? message : other,
          )
        : [...before, message],
    );
  const attempt = async ({ clientMessageId, content }: Unsent) => {
    const message = { clientMessageId, content };
    show(message);
    try {
      const sent = await mutateAsync({ sessionId, ...message });
      onSent(sent.message);
      remove(message);
    } catch (error) {
      show({ ...message, error: error as SendFailure });
    }
  };

  return {
    unsent,
    send: (content: string) => attempt({ clientMessageId: crypto.randomUUID(), content }),
    retry: attempt,
    discard: remove,
  };
}
