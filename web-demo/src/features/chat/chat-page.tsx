import { useDocumentTitle } from '../../components/use-document-title';
import { ChatFrame } from './chat-frame';
import { useChatSessions } from './use-chat-sessions';

/** The conversations, with none of them open. */
export function ChatPage({ tenantName }: { tenantName: string }) {
  useDocumentTitle('Chat');
  const list = useChatSessions();
  const isEmpty = list.data?.pages.every(({ items }) => items.length === 0) === true;
  return (
    <>
      <div className="mb-8">
        <p className="eyebrow wrap-anywhere">{tenantName}</p>
        <h1 className="mt-1 font-display text-4xl tracking-tight">Chat</h1>
      </div>
      <ChatFrame shows="list">
        <div className="mat hidden flex-col items-center px-6 py-16 text-center md:flex">
          <h2 className="font-display text-2xl tracking-tight">
            {isEmpty ? 'No conversations yet' : 'Choose a conversation'}
          </h2>
          <p className="mt-2 max-w-sm text-muted">
            {isEmpty
              ? 'Begin one and ask something. Everybody in this workspace can read along, and sees the answer as it is written.'
              : 'Everybody in this workspace can read along, and sees answers as they are written.'}
          </p>
        </div>
        {isEmpty && (
          <p className="text-muted md:hidden">
            Begin a conversation and ask something. Everybody in this workspace can read along.
          </p>
        )}
      </ChatFrame>
    </>
  );
}
