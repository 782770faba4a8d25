import { standardSchemaResolver } from '@hookform/resolvers/standard-schema';
import { changePasswordSchema } from '@tintype/bindings/schemas';
import { useForm } from 'react-hook-form';
import { Button } from '../../components/button';
import { FailureNotice } from '../../components/failure-notice';
import { sortIssues } from '../../components/field-issues';
import { Notice } from '../../components/notice';
import { PasswordField } from '../../components/password-field';
import { showIssues } from '../../components/show-issues';
import { WaitNotice } from '../../components/wait-notice';
import { useChangePassword } from './use-change-password';

const fields = ['current', 'new'] as const;

/** Changes the password, and says what that ended. */
export function PasswordPanel({ email }: { email: string }) {
  const change = useChangePassword();
  const form = useForm({
    resolver: standardSchemaResolver(changePasswordSchema),
    defaultValues: { current: '', new: '' },
  });
  const { errors } = form.formState;

  const submit = form.handleSubmit((values) =>
    change.mutate(values, {
      onSuccess: () => form.reset(),
      onError: (error) => {
        showIssues(form, error.validation, fields);
        if (error.error?.kind === 'WRONG_PASSWORD') {
          form.setError(
            'current',
            { message: 'This is not your password.' },
            { shouldFocus: true },
          );
        }
      },
    }),
  );

  return (
    <section aria-labelledby="password" className="mat p-6">
      <h2 id="password" className="font-display text-2xl tracking-tight">
        Password
      </h2>
      <p className="mt-2 text-[0.9375rem] text-muted">
        A new password signs you out everywhere but here.
      </p>
      {change.isSuccess && (
        <Notice title="Your password is changed" className="mt-4">
          Every other session has ended.
        </Notice>
      )}
      {change.error && (
        <PasswordProblem key={change.submittedAt} error={change.error} onRetry={submit} />
      )}
      <form noValidate onSubmit={submit} className="mt-5 space-y-5">
        {/* For password managers, which file a password under its account. */}
        <input type="hidden" autoComplete="username" value={email} readOnly />
        <PasswordField
          label="Current password"
          autoComplete="current-password"
          error={errors.current?.message}
          {...form.register('current')}
        />
        <PasswordField
          label="New password"
          autoComplete="new-password"
          hint="8 to 128 characters of any kind."
          error={errors.new?.message}
          {...form.register('new')}
        />
        <Button type="submit" look="primary" busy={change.isPending}>
          {change.isPending ? 'Changing…' : 'Change password'}
        </Button>
      </form>
    </section>
  );
}

type PasswordProblemProps = {
  error: NonNullable<ReturnType<typeof useChangePassword>['error']>;
  onRetry: () => void;
};

function PasswordProblem({ error, onRetry }: PasswordProblemProps) {
  const problem = error.error;
  const issues = error.validation;
  const isOnFields = issues !== undefined && sortIssues(issues, fields).form === undefined;
  switch (problem?.kind) {
    case 'WRONG_PASSWORD':
      return null;
    case 'TOO_MANY_ATTEMPTS':
      return (
        <div className="mt-4">
          <WaitNotice seconds={problem.retryAfterSeconds} onRetry={onRetry} />
        </div>
      );
    default:
      return isOnFields ? null : (
        <FailureNotice
          title="The password was not changed"
          error={error}
          onRetry={onRetry}
          className="mt-4"
        />
      );
  }
}
