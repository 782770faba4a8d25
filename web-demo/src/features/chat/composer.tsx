import { type FormEvent, type KeyboardEvent, useId, useRef, useState } from 'react';
import { Button } from '../../components/button';
import { FieldMessage } from '../../components/field-message';

/** Most characters of a message, as the contract has it. */
const MOST = 32_000;

type ComposerProps = {
  draft: string;
  onDraft: (draft: string) => void;
  onSend: (content: string) => void;
};

/** Where a message is written: Enter sends it, and with Shift begins a new line. */
export function Composer({ draft, onDraft, onSend }: ComposerProps) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [wasEmpty, setWasEmpty] = useState(false);
  const length = [...draft].length;
  const problem =
    length > MOST
      ? `This is ${length.toLocaleString('en')} characters long, and ${MOST.toLocaleString('en')} are the most.`
      : wasEmpty
        ? 'Write something first.'
        : undefined;

  const send = () => {
    if (draft.trim() === '') setWasEmpty(true);
    else if (length <= MOST) {
      onSend(draft);
      onDraft('');
    }
    field.current?.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const press = (event: KeyboardEvent) => {
    // While a character is being composed, Enter chooses it.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form onSubmit={submit} className="mat p-3">
      <label htmlFor={id} className="sr-only">
        Message
      </label>
      <div className="flex items-end gap-3">
        <textarea
          ref={field}
          id={id}
          rows={Math.min(8, Math.max(2, draft.split('\n').length))}
          value={draft}
          placeholder="Ask something"
          aria-invalid={problem !== undefined || undefined}
          aria-describedby={`${id}-message`}
          onChange={(event) => {
            setWasEmpty(false);
            onDraft(event.target.value);
          }}
          onKeyDown={press}
          className="block w-full min-w-0 resize-none bg-transparent px-1 text-base placeholder:text-muted"
        />
        <Button type="submit" look="primary">
          Send
        </Button>
      </div>
      <FieldMessage
        id={`${id}-message`}
        error={problem}
        hint="Enter sends, Shift and Enter begin a new line."
      />
    </form>
  );
}
