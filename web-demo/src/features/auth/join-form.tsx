import { standardSchemaResolver } from '@hookform/resolvers/standard-schema';
import type { InvitationPreview, SignedIn } from '@tintype/bindings/api';
import { acceptSchema } from '@tintype/bindings/schemas';
import { useForm } from 'react-hook-form';
import { Button } from '../../components/button';
import { Moment } from '../../components/moment';
import { Notice } from '../../components/notice';
import { PasswordField } from '../../components/password-field';
import { showIssues } from '../../components/show-issues';
import { TextField } from '../../components/text-field';
import { JoinProblem } from './join-problem';
import { useAccept } from './use-accept';

/** A field that may be left empty is left out then. */
const unlessBlank = (text: string) => (text.trim() === '' ? undefined : text);

type JoinFormProps = {
  token: string;
  invitation: InvitationPreview;
  signedInAs: string | undefined;
  onSignedIn: (session: SignedIn) => void;
};

/** Creates the account of somebody who was invited. */
export function JoinForm({ token, invitation, signedInAs, onSignedIn }: JoinFormProps) {
  const accept = useAccept(onSignedIn);
  const form = useForm({
    resolver: standardSchemaResolver(acceptSchema),
    defaultValues: { token, password: '' },
  });
  const { errors } = form.formState;

  const submit = form.handleSubmit((values) =>
    accept.mutate(values, {
      onError: (error) => showIssues(form, error.validation, ['name', 'password']),
    }),
  );

  return (
    <>
      {signedInAs !== undefined && !accept.isSuccess && (
        <Notice title={`You are signed in as ${signedInAs}`} className="mt-6">
          This invitation is for {invitation.email}. Whoever joins with it here is signed out of the
          other account.
        </Notice>
      )}
      {accept.error && (
        <JoinProblem key={accept.submittedAt} error={accept.error} onRetry={submit} />
      )}
      <form noValidate onSubmit={submit} className="mt-7 space-y-5">
        <TextField
          label="E-mail address"
          type="email"
          autoComplete="username"
          readOnly
          value={invitation.email}
          hint="The invitation is for this address; you sign in with it later."
        />
        <TextField
          label="Your name"
          autoComplete="name"
          hint="Optional."
          error={errors.name?.message}
          {...form.register('name', { setValueAs: unlessBlank })}
        />
        <PasswordField
          autoComplete="new-password"
          hint="8 to 128 characters of any kind."
          error={errors.password?.message}
          {...form.register('password')}
        />
        <Button type="submit" look="primary" busy={accept.isPending} className="w-full">
          {accept.isPending ? 'Joining…' : 'Join'}
        </Button>
      </form>
      <p className="mt-4 text-sm text-muted">
        The invitation can be accepted until <Moment at={invitation.expiresAt} />.
      </p>
    </>
  );
}
