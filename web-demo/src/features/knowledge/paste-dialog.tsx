import { Dialog } from 'radix-ui';
import { type FormEvent, useId, useRef, useState } from 'react';
import { Button } from '../../components/button';
import { dialogFrame } from '../../components/dialog-frame';
import { FieldMessage } from '../../components/field-message';
import { TextField } from '../../components/text-field';
import type { NewDocument } from './use-uploads';

/** Most characters of a title, as the contract has it. */
const MOST = 200;

/** Makes a document of text from elsewhere. */
export function PasteDialog({ onPaste }: { onPaste: (document: NewDocument) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button>Paste text</Button>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className={dialogFrame.overlay} />
        <Dialog.Content className={dialogFrame.content}>
          <Dialog.Title className={dialogFrame.title}>Paste text</Dialog.Title>
          <Dialog.Description className={dialogFrame.description}>
            It becomes a document of this workspace.
          </Dialog.Description>
          <PasteForm
            onPaste={(document) => {
              onPaste(document);
              setOpen(false);
            }}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PasteForm({ onPaste }: { onPaste: (document: NewDocument) => void }) {
  const id = useId();
  const titleField = useRef<HTMLInputElement>(null);
  const textField = useRef<HTMLTextAreaElement>(null);
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const [isMarkdown, setIsMarkdown] = useState(false);
  const [wasTried, setWasTried] = useState(false);
  const titleProblem = wasTried ? problemOf(title) : undefined;
  const textProblem = wasTried && text.trim() === '' ? 'Must not be blank' : undefined;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWasTried(true);
    if (problemOf(title) !== undefined) return titleField.current?.focus();
    if (text.trim() === '') return textField.current?.focus();
    const [name, type] = isMarkdown ? ['pasted.md', 'text/markdown'] : ['pasted.txt', 'text/plain'];
    onPaste({ file: new File([text], name, { type }), title: title.trim() });
  };

  return (
    <form noValidate onSubmit={submit} className="mt-6 space-y-5">
      <TextField
        ref={titleField}
        label="Title"
        autoComplete="off"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        error={titleProblem}
      />
      <div>
        <label htmlFor={id} className="text-sm font-semibold">
          Text
        </label>
        <textarea
          ref={textField}
          id={id}
          rows={9}
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-invalid={textProblem !== undefined || undefined}
          aria-describedby={`${id}-message`}
          className="mt-1.5 block w-full resize-y rounded-[3px] border border-field bg-sunk px-3 py-2.5 text-base aria-invalid:border-2 aria-invalid:border-alarm"
        />
        <FieldMessage id={`${id}-message`} error={textProblem} />
      </div>
      <label className="flex min-h-11 items-center gap-3">
        <input
          type="checkbox"
          checked={isMarkdown}
          onChange={(event) => setIsMarkdown(event.target.checked)}
        />
        <span>
          It is Markdown{' '}
          <span className="text-sm text-muted">so its headings say what is where</span>
        </span>
      </label>
      <div className={dialogFrame.actions}>
        <Dialog.Close asChild>
          <Button>Cancel</Button>
        </Dialog.Close>
        <Button type="submit" look="primary">
          Add document
        </Button>
      </div>
    </form>
  );
}

function problemOf(title: string): string | undefined {
  if (title.trim() === '') return 'Must not be blank';
  return Array.from(title.trim()).length > MOST ? `Too long: at most ${MOST}` : undefined;
}
