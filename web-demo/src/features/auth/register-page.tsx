import { zodResolver } from '@hookform/resolvers/zod';
import { Link } from '@tanstack/react-router';
import type { SignedIn } from '@tintype/bindings/api';
import { useForm } from 'react-hook-form';
import { Button } from '../../components/button';
import { sortIssues } from '../../components/field-issues';
import { TextField } from '../../components/text-field';
import { z } from '../../components/zod';
import { AuthFrame } from './auth-frame';
import { PasswordField } from './password-field';
import { RegisterProblem } from './register-problem';
import { useRegister } from './use-register';

// The rules are the server's; only what is plainly missing is found out here.
const schema = z.object({
  tenantName: z.string().min(1, 'Name your workspace.'),
  name: z.string().trim(),
  email: z.string().trim().min(1, 'Enter your e-mail address.'),
  password: z.string().min(8, 'Use at least 8 characters.'),
});

const fields = ['tenantName', 'name', 'email', 'password'] as const;

type RegisterPageProps = {
  next: string | undefined;
  onSignedIn: (session: SignedIn) => void;
};

/** Where somebody creates a workspace and an account. */
export function RegisterPage({ next, onSignedIn }: RegisterPageProps) {
  const register = useRegister(onSignedIn);
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: { tenantName: '', name: '', email: '', password: '' },
  });
  const { errors } = form.formState;

  const submit = form.handleSubmit(({ name, ...values }) =>
    register.mutate(name === '' ? values : { ...values, name }, {
      onError: (error) => {
        const [first, ...others] = sortIssues(error.validation ?? [], fields).fields;
        for (const { field, message } of others) form.setError(field, { message });
        if (first) form.setError(first.field, { message: first.message }, { shouldFocus: true });
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
          {...form.register('name')}
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
