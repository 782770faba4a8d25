import { Link, useNavigate } from '@tanstack/react-router';
import type { ChatSessionId, UserId } from '@tintype/bindings/api';
import { Fragment } from 'react';
import { Button } from '../../components/button';
import { FailureNotice } from '../../components/failure-notice';
import { LiveStatus } from '../../components/live-status';
import { Notice } from '../../components/notice';
import { useDocumentTitle } from '../../components/use-document-title';
import { ChatFrame } from './chat-frame';
import { Composer } from './composer';
import { DeleteSessionDialog } from './delete-session-dialog';
import { MessageView } from './message-view';
import { SessionTitle } from './session-title';
import { UnsentView } from './unsent-view';
import { useChatSessions } from './use-chat-sessions';
import { useConversation } from './use-conversation';
import { useDraft } from './use-draft';
import { useFollow } from './use-follow';
import { useSendMessage } from './use-send-message';
import { Viewers } from './viewers';
import { WritingView } from './writing-view';

type ConversationPageProps = {
  sessionId: ChatSessionId;
  me: UserId;
};

/** One conversation, live. */
export function ConversationPage({ sessionId, me }: ConversationPageProps) {
  const list = useChatSessions();
  const known = list.data?.pages.flatMap((page) => page.items).find(({ id }) => id === sessionId);
  const session = known ?? { id: sessionId, title: 'Conversation' };
  useDocumentTitle(session.title);
  const navigate = useNavigate();
  const { conversation, change, error, state, reconnect, loadOlder } = useConversation(sessionId);
  const { messages, runs, older, phase } = conversation;
  const sending = useSendMessage(sessionId, (message) => {
    change({ kind: 'message', message });
    void list.refetch();
  });
  const [draft, setDraft] = useDraft(sessionId);
  const stored = new Set(
    messages.map((message) => message.role === 'user' && message.clientMessageId),
  );
  const unsent = sending.unsent.filter(({ clientMessageId }) => !stored.has(clientMessageId));
  const follow = useFollow(conversation);
  const leave = () => void navigate({ to: '/chat', replace: true });

  if (error?.error?.kind === 'SESSION_NOT_FOUND' || phase === 'deleted') {
    return (
      <ChatFrame shows="one">
        <Notice
          title={
            phase === 'deleted' ? 'This conversation was deleted' : 'There is no such conversation'
          }
          actions={
            <Link to="/chat" className="link">
              To the conversations
            </Link>
          }
        >
          {phase === 'deleted'
            ? 'Somebody in this workspace deleted it, with all its messages.'
            : 'It was deleted, or it belongs to another workspace.'}
        </Notice>
      </ChatFrame>
    );
  }
  return (
    <ChatFrame shows="one">
      <div className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <Link to="/chat" className="link mb-2 inline-block text-sm md:hidden">
            All conversations
          </Link>
          <SessionTitle session={session} />
          <div className="mt-2 flex flex-wrap items-center gap-x-5 gap-y-1">
            <LiveStatus state={state} onReconnect={reconnect} />
            <Viewers viewers={conversation.viewers} me={me} />
          </div>
        </div>
        <DeleteSessionDialog session={session} onDeleted={leave} />
      </div>

      {error && (
        <FailureNotice
          title="The conversation cannot be followed"
          error={error}
          onRetry={reconnect}
          className="mb-6"
        />
      )}
      {older !== null && (
        <div className="mb-6 flex justify-center">
          <Button busy={loadOlder.isPending} onClick={() => loadOlder.mutate(older)}>
            {loadOlder.isPending ? 'Loading…' : 'Load older messages'}
          </Button>
        </div>
      )}
      {loadOlder.error && (
        <FailureNotice
          title="Older messages could not be read"
          error={loadOlder.error}
          className="mb-6"
        />
      )}
      {phase === 'loading' && !error && (
        <div role="status" aria-label="Loading the conversation" className="space-y-6">
          <div className="developing ml-auto h-14 w-2/3 bg-line" />
          <div className="developing h-24 w-5/6 bg-line" />
        </div>
      )}
      {phase === 'open' && messages.length + runs.length + unsent.length === 0 && (
        <div className="mat px-6 py-12 text-center">
          <h2 className="font-display text-2xl tracking-tight">Nothing was said yet</h2>
          <p className="mx-auto mt-2 max-w-sm text-muted">
            Ask something below. The answer goes on being written if you leave, and is here when you
            come back.
          </p>
        </div>
      )}
      <div className="space-y-7" aria-busy={phase === 'loading'}>
        {messages.map((message) => (
          <Fragment key={message.id}>
            <MessageView message={message} />
            {runs
              .filter(({ run }) => run.questionId === message.id)
              .map((writing) => (
                <WritingView key={writing.run.id} writing={writing} />
              ))}
          </Fragment>
        ))}
        {/* Those whose questions are further up than what is loaded. */}
        {runs
          .filter(({ run }) => messages.every(({ id }) => id !== run.questionId))
          .map((writing) => (
            <WritingView key={writing.run.id} writing={writing} />
          ))}
        {unsent.map((message) => (
          <UnsentView
            key={message.clientMessageId}
            message={message}
            onRetry={() => void sending.retry(message)}
            onDiscard={() => sending.discard(message)}
          />
        ))}
      </div>

      <div className="sticky bottom-0 -mx-1 mt-8 bg-paper/90 px-1 pt-2 pb-[calc(1rem+var(--foot,0px))]">
        {follow.isAway && (
          <div className="mb-2 flex justify-center">
            <Button onClick={follow.toEnd}>To the newest</Button>
          </div>
        )}
        <Composer
          draft={draft}
          onDraft={setDraft}
          onSend={(content) => {
            void sending.send(content);
            requestAnimationFrame(follow.toEnd);
          }}
        />
      </div>
    </ChatFrame>
  );
}
