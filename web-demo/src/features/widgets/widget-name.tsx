import type { Widget } from '@tintype/bindings/api';
import { updateWidgetSchema } from '@tintype/bindings/schemas';
import { type FormEvent, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Button } from '../../components/button';
import { describeFailure, readFailure, sentence } from '../../components/failure';
import { useRenameWidget } from './use-rename-widget';

/** The name of a widget, which can be written over. */
export function WidgetName({ widget }: { widget: Widget }) {
  const [draft, setDraft] = useState<string | undefined>();
  const renameButton = useRef<HTMLButtonElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const rename = useRenameWidget();
  const [broken, setBroken] = useState<string | undefined>();
  const problem = broken ?? (rename.error ? explain(rename.error) : undefined);
  const fieldId = useId();
  const messageId = useId();

  const open = (name: string) => {
    flushSync(() => setDraft(name));
    input.current?.select();
  };
  const close = () => {
    flushSync(() => setDraft(undefined));
    renameButton.current?.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft === undefined || rename.isPending) return;
    if (draft.trim() === widget.name) return close();
    const change = { id: widget.id, name: draft };
    const [issue] = updateWidgetSchema['~standard'].validate(change).issues ?? [];
    setBroken(issue && sentence(issue.message));
    const correct = () => input.current?.focus();
    if (issue) correct();
    else rename.mutate(change, { onSuccess: close, onError: correct });
  };

  if (draft === undefined) {
    return (
      <div className="flex items-start justify-between gap-2">
        <h3 className="min-w-0 pt-1.5 font-display text-xl leading-snug wrap-anywhere">
          {widget.name}
        </h3>
        <Button
          ref={renameButton}
          look="plain"
          className="-mr-2.5"
          onClick={() => {
            rename.reset();
            setBroken(undefined);
            open(widget.name);
          }}
        >
          Rename<span className="sr-only"> {widget.name}</span>
        </Button>
      </div>
    );
  }
  return (
    <form
      onSubmit={submit}
      className="mb-2"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <label htmlFor={fieldId} className="text-sm font-semibold">
        New name
      </label>
      <input
        ref={input}
        id={fieldId}
        value={draft}
        onChange={(event) => {
          setBroken(undefined);
          setDraft(event.target.value);
        }}
        aria-invalid={problem !== undefined || undefined}
        aria-describedby={problem !== undefined ? messageId : undefined}
        className="mt-1 block min-h-11 w-full rounded-[3px] border border-field bg-mat px-2.5 font-display text-lg aria-invalid:border-2 aria-invalid:border-alarm"
      />
      {problem !== undefined && (
        <p id={messageId} role="alert" className="mt-2 text-sm font-medium text-alarm">
          {problem}
        </p>
      )}
      <div className="mt-2 flex gap-2">
        <Button type="submit" busy={rename.isPending}>
          Save
        </Button>
        <Button look="plain" onClick={close}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function explain(error: NonNullable<ReturnType<typeof useRenameWidget>['error']>): string {
  const [issue] = error.validation ?? [];
  return issue ? sentence(issue.message) : describeFailure(readFailure(error));
}
