import { standardSchemaResolver } from '@hookform/resolvers/standard-schema';
import { Link } from '@tanstack/react-router';
import type { SignedIn } from '@tintype/bindings/api';
import { registerSchema } from '@tintype/bindings/schemas';
import { useForm } from 'react-hook-form';
import { Button } from '../../components/button';
import { PasswordField } from '../../components/password-field';
import { showIssues } from '../../components/show-issues';
import { TextField } from '../../components/text-field';
import { AuthFrame } from './auth-frame';
import { RegisterProblem } from './register-problem';
import { useRegister } from './use-register';

const fields = ['tenantName', 'name', 'email', 'password'] as const;

/** A field that may be left empty is left out then. */
const unlessBlank = (text: string) => (text.trim() === '' ? undefined : text);

type RegisterPageProps = {
  next: string | undefined;
  onSignedIn: (session: SignedIn) => void;
};

/** Where somebody creates a workspace and an account. */
export function RegisterPage({ next, onSignedIn }: RegisterPageProps) {
  const register = useRegister(onSignedIn);
  const form = useForm({
    resolver: standardSchemaResolver(registerSchema),
    defaultValues: { tenantName: '', email: '', password: '' },
  });
  const { errors } = form.formState;

  const submit = form.handleSubmit((values) =>
    register.mutate(values, {
      onError: (error) => {
        showIssues(form, error.validation, fields);
        if (error.error?.kind === 'EMAIL_TAKEN') {
          form.setError(
            'email',
            { message: 'This address has an account.' },
            { shouldFocus: true },
          );
        }
      },
    }),
  );

  return (
    <AuthFrame
      title="Create a workspace"
      introduction="You become its owner; only its members see inside."
      footer={
        <>
          Have an account?{' '}
          <Link to="/login" search={{ next }} className="link">
            Sign in
          </Link>
        </>
      }
    >
      {register.error && (
        <RegisterProblem
          key={register.submittedAt}
          error={register.error}
          next={next}
          onRetry={submit}
        />
      )}
      <form noValidate onSubmit={submit} className="mt-7 space-y-5">
        <TextField
          label="Workspace name"
          autoComplete="organization"
          error={errors.tenantName?.message}
          {...form.register('tenantName')}
        />
        <TextField
          label="Your name"
          autoComplete="name"
          hint="Optional."
          error={errors.name?.message}
          {...form.register('name', { setValueAs: unlessBlank })}
        />
        <TextField
          label="E-mail address"
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          error={errors.email?.message}
          {...form.register('email')}
        />
        <PasswordField
          autoComplete="new-password"
          hint="8 to 128 characters of any kind."
          error={errors.password?.message}
          {...form.register('password')}
        />
        <Button type="submit" look="primary" busy={register.isPending} className="w-full">
          {register.isPending ? 'Creating…' : 'Create workspace'}
        </Button>
      </form>
    </AuthFrame>
  );
}
