import type { Ending, Message } from '@tintype/bindings/api';
import { memo } from 'react';
import { Citations } from './citations';
import { Markdown } from './markdown';

const time = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** A message that is stored. */
export const MessageView = memo(function MessageView({ message }: { message: Message }) {
  const at = (
    <time dateTime={message.createdAt.toISOString()}>{time.format(message.createdAt)}</time>
  );
  if (message.role === 'user') {
    const author = message.author?.name ?? 'Somebody who is gone';
    return (
      <Bubble
        side="question"
        label={`Question of ${author}`}
        foot={
          <>
            {author} · {at}
          </>
        }
      >
        <p className="whitespace-pre-wrap wrap-anywhere">{message.content}</p>
      </Bubble>
    );
  }
  const note = endings[message.ending];
  return (
    <Bubble
      side="answer"
      label="Answer"
      foot={
        <>
          {modelLabel(message.provider, message.model)} · {at}
        </>
      }
    >
      <Markdown text={message.content} citations={message.citations} />
      {note !== undefined && <p className="mt-2 text-sm font-semibold text-sepia">{note}</p>}
      <Citations citations={message.citations} />
    </Bubble>
  );
});

const endings: Record<Ending, string | undefined> = {
  complete: undefined,
  length: 'The answer reached the allowed length.',
  filtered: 'The model did not want to say more.',
  stopped: 'Stopped here.',
  failed: 'The answer broke off here.',
};

/** Who answers, as people read it. */
export function modelLabel(provider: string, model: string): string {
  return provider === 'extractive' ? 'no model configured' : model;
}

type BubbleProps = {
  side: 'question' | 'answer';
  label: string;
  foot: React.ReactNode;
  children: React.ReactNode;
};

/** The frame of what is said, at the side of who says it. */
export function Bubble({ side, label, foot, children }: BubbleProps) {
  const isQuestion = side === 'question';
  return (
    <article aria-label={label} className={isQuestion ? 'ml-auto w-fit max-w-[85%]' : 'max-w-full'}>
      <div className={isQuestion ? 'mat px-4 py-3' : 'border-l-2 border-line pl-4'}>{children}</div>
      <p className={`mt-1.5 text-sm text-muted ${isQuestion ? 'text-right' : 'pl-4'}`}>{foot}</p>
    </article>
  );
}
