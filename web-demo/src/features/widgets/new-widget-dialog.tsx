import { standardSchemaResolver } from '@hookform/resolvers/standard-schema';
import { createWidgetSchema } from '@tintype/bindings/schemas';
import { Dialog } from 'radix-ui';
import { type ReactNode, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { Button } from '../../components/button';
import { dialogFrame } from '../../components/dialog-frame';
import { FailureNotice } from '../../components/failure-notice';
import { sortIssues } from '../../components/field-issues';
import { showIssues } from '../../components/show-issues';
import { TextField } from '../../components/text-field';
import { ConfigField } from './config-field';
import { parseConfig } from './config-text';
import { useCreateWidget } from './use-create-widget';

/** Creates a widget; `children` is the button that opens the dialog. */
export function NewWidgetDialog({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>{children}</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className={dialogFrame.overlay} />
        <Dialog.Content className={dialogFrame.content}>
          <Dialog.Title className={dialogFrame.title}>New widget</Dialog.Title>
          <Dialog.Description className={dialogFrame.description}>
            Everybody in the workspace sees it at once.
          </Dialog.Description>
          <NewWidgetForm onDone={() => setOpen(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function NewWidgetForm({ onDone }: { onDone: () => void }) {
  const create = useCreateWidget(onDone);
  const form = useForm({
    resolver: standardSchemaResolver(createWidgetSchema),
    defaultValues: { name: '' },
  });
  const config = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('{}');
  const parsed = parseConfig(text);
  const issues = sortIssues(create.error?.validation ?? [], ['name', 'config']);
  const configIssue = issues.fields.find(({ field }) => field === 'config');

  const submit = form.handleSubmit(({ name }) => {
    if (!parsed.ok) return;
    create.mutate(
      { name, config: parsed.config },
      {
        onError: ({ validation = [] }) => {
          if (validation.some(({ path }) => path[0] === 'config')) config.current?.focus();
          showIssues(form, validation, ['name']);
        },
      },
    );
  });

  return (
    <form noValidate onSubmit={submit} className="mt-6 space-y-5">
      {create.error && issues.fields.length === 0 && (
        <FailureNotice title="The widget was not created" error={create.error} />
      )}
      <TextField
        label="Name"
        autoComplete="off"
        error={form.formState.errors.name?.message}
        {...form.register('name', { onChange: () => create.isError && create.reset() })}
      />
      <ConfigField
        ref={config}
        text={text}
        parsed={parsed}
        problem={configIssue?.message}
        onText={(next) => {
          if (create.isError) create.reset();
          setText(next);
        }}
      />
      <div className={dialogFrame.actions}>
        <Dialog.Close asChild>
          <Button>Cancel</Button>
        </Dialog.Close>
        <Button type="submit" look="primary" disabled={!parsed.ok} busy={create.isPending}>
          {create.isPending ? 'Creating…' : 'Create widget'}
        </Button>
      </div>
    </form>
  );
}
