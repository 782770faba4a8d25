import type { ChatSession } from '@tintype/bindings/api';
import { renameSessionSchema } from '@tintype/bindings/schemas';
import { type FormEvent, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Button } from '../../components/button';
import { describeFailure, readFailure, sentence } from '../../components/failure';
import { useRenameSession } from './use-rename-session';

/** The title of a conversation, which can be written over. */
export function SessionTitle({ session }: { session: Pick<ChatSession, 'id' | 'title'> }) {
  const [draft, setDraft] = useState<string | undefined>();
  const [broken, setBroken] = useState<string | undefined>();
  const button = useRef<HTMLButtonElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const fieldId = useId();
  const close = () => {
    flushSync(() => setDraft(undefined));
    button.current?.focus();
  };
  const rename = useRenameSession(close);
  const refused = rename.error?.validation?.[0]?.message;
  const problem =
    broken ??
    (refused !== undefined
      ? sentence(refused)
      : rename.error
        ? describeFailure(readFailure(rename.error))
        : undefined);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft === undefined || rename.isPending) return;
    if (draft.trim() === session.title) return close();
    const change = { id: session.id, title: draft };
    const [issue] = renameSessionSchema['~standard'].validate(change).issues ?? [];
    setBroken(issue && sentence(issue.message));
    if (issue) input.current?.focus();
    else rename.mutate(change);
  };

  if (draft === undefined) {
    return (
      <div className="flex min-w-0 flex-wrap items-baseline gap-x-3">
        <h1 className="min-w-0 font-display text-3xl tracking-tight wrap-anywhere">
          {session.title}
        </h1>
        <Button
          ref={button}
          look="plain"
          onClick={() => {
            rename.reset();
            setBroken(undefined);
            flushSync(() => setDraft(session.title));
            input.current?.select();
          }}
        >
          Rename<span className="sr-only"> this conversation</span>
        </Button>
      </div>
    );
  }
  return (
    <form
      onSubmit={submit}
      className="w-full max-w-xl"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <label htmlFor={fieldId} className="text-sm font-semibold">
        New title
      </label>
      <div className="mt-1 flex flex-wrap gap-2">
        <input
          ref={input}
          id={fieldId}
          value={draft}
          onChange={(event) => {
            setBroken(undefined);
            setDraft(event.target.value);
          }}
          aria-invalid={problem !== undefined || undefined}
          aria-describedby={problem !== undefined ? `${fieldId}-problem` : undefined}
          className="block min-h-11 min-w-0 flex-1 rounded-[3px] border border-field bg-mat px-2.5 font-display text-lg aria-invalid:border-2 aria-invalid:border-alarm"
        />
        <Button type="submit" busy={rename.isPending}>
          Save
        </Button>
        <Button look="plain" onClick={close}>
          Cancel
        </Button>
      </div>
      {problem !== undefined && (
        <p id={`${fieldId}-problem`} role="alert" className="mt-2 text-sm font-medium text-alarm">
          {problem}
        </p>
      )}
    </form>
  );
}
