import type { Widget } from '@tintype/bindings/api';
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
    rename.mutate({ id: widget.id, name: draft }, { onSuccess: close });
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
        onChange={(event) => setDraft(event.target.value)}
        aria-invalid={rename.isError || undefined}
        aria-describedby={rename.isError ? messageId : undefined}
        className="mt-1 block min-h-11 w-full rounded-[3px] border border-field bg-mat px-2.5 font-display text-lg aria-invalid:border-2 aria-invalid:border-alarm"
      />
      {rename.error && (
        <p id={messageId} role="alert" className="mt-1.5 text-sm font-medium text-alarm">
          {explain(rename.error)}
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
