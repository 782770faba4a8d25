import type { Widget } from '@tintype/bindings/api';
import { Dialog } from 'radix-ui';
import { type FormEvent, useRef, useState } from 'react';
import { Button } from '../../components/button';
import { dialogFrame } from '../../components/dialog-frame';
import { FailureNotice } from '../../components/failure-notice';
import { Notice } from '../../components/notice';
import { ConfigField } from './config-field';
import { formatConfig, parseConfig } from './config-text';
import { useConfigureWidget } from './use-configure-widget';
import { hasSameConfig } from './widget-pages';

/** Edits the configuration of a widget. */
export function ConfigDialog({ widget }: { widget: Widget }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button look="plain">
          Edit config<span className="sr-only"> of {widget.name}</span>
        </Button>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className={dialogFrame.overlay} />
        <Dialog.Content className={dialogFrame.content}>
          <Dialog.Title className={dialogFrame.title}>Configuration of {widget.name}</Dialog.Title>
          <Dialog.Description className={dialogFrame.description}>
            Any JSON object of at most 16 KiB.
          </Dialog.Description>
          <ConfigForm widget={widget} onDone={() => setOpen(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function ConfigForm({ widget, onDone }: { widget: Widget; onDone: () => void }) {
  const [opened, setOpened] = useState(widget);
  const [text, setText] = useState(() => formatConfig(widget.config));
  const field = useRef<HTMLTextAreaElement>(null);
  const configure = useConfigureWidget(onDone);
  const parsed = parseConfig(text);
  const [issue] = configure.error?.validation ?? [];
  // While this window saves, the change that arrives is its own.
  const changedElsewhere = !configure.isPending && !hasSameConfig(opened, widget);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (parsed.ok && !configure.isPending) {
      configure.mutate(
        { id: widget.id, config: parsed.config },
        { onError: (error) => error.validation && field.current?.focus() },
      );
    }
  };

  return (
    <form onSubmit={submit} className="mt-6 space-y-4">
      {changedElsewhere && (
        <Notice
          title="It was changed in another window"
          actions={
            <Button
              onClick={() => {
                setOpened(widget);
                setText(formatConfig(widget.config));
              }}
            >
              Load that version
            </Button>
          }
        >
          Saving replaces that change with yours.
        </Notice>
      )}
      {configure.error && !issue && (
        <FailureNotice title="The configuration was not saved" error={configure.error} />
      )}
      <ConfigField
        ref={field}
        text={text}
        parsed={parsed}
        problem={issue?.message}
        onText={(next) => {
          configure.reset();
          setText(next);
        }}
      />
      <div className={dialogFrame.actions}>
        <Button
          look="plain"
          className="mr-auto"
          disabled={!parsed.ok}
          onClick={() => parsed.ok && setText(formatConfig(parsed.config))}
        >
          Format
        </Button>
        <Dialog.Close asChild>
          <Button>Cancel</Button>
        </Dialog.Close>
        <Button type="submit" look="primary" disabled={!parsed.ok} busy={configure.isPending}>
          {configure.isPending ? 'Saving…' : 'Save'}
        </Button>
      </div>
    </form>
  );
}
