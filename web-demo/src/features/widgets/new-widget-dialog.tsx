import { zodResolver } from '@hookform/resolvers/zod';
import { Dialog } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { useForm } from 'react-hook-form';
import { Button } from '../../components/button';
import { dialogFrame } from '../../components/dialog-frame';
import { FailureNotice } from '../../components/failure-notice';
import { sortIssues } from '../../components/field-issues';
import { TextField } from '../../components/text-field';
import { z } from '../../components/zod';
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

// The rules are the server's; only what is plainly missing is found out here.
const schema = z.object({ name: z.string().min(1, 'Name the widget.') });

function NewWidgetForm({ onDone }: { onDone: () => void }) {
  const create = useCreateWidget(onDone);
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { name: '' } });
  const [text, setText] = useState('{}');
  const parsed = parseConfig(text);
  const issues = sortIssues(create.error?.validation ?? [], ['name', 'config']);
  const issueOf = (field: 'name' | 'config') =>
    issues.fields.find((issue) => issue.field === field)?.message;

  const submit = form.handleSubmit(({ name }) => {
    if (!parsed.ok) return;
    create.mutate(
      { name, config: parsed.config },
      {
        onError: (error) => {
          if (error.validation?.[0]?.path[0] === 'name') form.setFocus('name');
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
        error={form.formState.errors.name?.message ?? issueOf('name')}
        {...form.register('name', { onChange: () => create.isError && create.reset() })}
      />
      <ConfigField
        text={text}
        parsed={parsed}
        problem={issueOf('config')}
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
