import { standardSchemaResolver } from '@hookform/resolvers/standard-schema';
import { createMeetingSchema } from '@tintype/bindings/schemas';
import { useForm } from 'react-hook-form';
import { Button } from '../../components/button';
import { FailureNotice } from '../../components/failure-notice';
import { showIssues } from '../../components/show-issues';
import { TextField } from '../../components/text-field';
import { useCreateMeeting } from './use-create-meeting';

/** Creates a meeting and opens it. */
export function NewMeetingForm() {
  const create = useCreateMeeting();
  const form = useForm({
    resolver: standardSchemaResolver(createMeetingSchema),
    defaultValues: { title: '' },
  });
  const submit = form.handleSubmit((input) => {
    if (create.isPending) return;
    create.mutate(input, {
      onError: ({ validation }) => showIssues(form, validation, ['title']),
    });
  });
  return (
    <form noValidate onSubmit={submit} className="mat p-5">
      {create.error && !create.error.validation && (
        <FailureNotice title="The meeting was not created" error={create.error} className="mb-4" />
      )}
      <div className="flex flex-wrap items-start gap-3">
        <TextField
          label="Title of a new meeting"
          autoComplete="off"
          className="min-w-0 grow basis-64"
          error={form.formState.errors.title?.message}
          {...form.register('title', { onChange: () => create.isError && create.reset() })}
        />
        <Button type="submit" look="primary" className="mt-[1.625rem]" busy={create.isPending}>
          {create.isPending ? 'Creating…' : 'New meeting'}
        </Button>
      </div>
    </form>
  );
}
