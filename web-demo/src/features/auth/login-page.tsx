import { standardSchemaResolver } from '@hookform/resolvers/standard-schema';
import { Link, useLocation } from '@tanstack/react-router';
import type { SignedIn } from '@tintype/bindings/api';
import { loginSchema } from '@tintype/bindings/schemas';
import { useForm } from 'react-hook-form';
import { Button } from '../../components/button';
import { Notice } from '../../components/notice';
import { PasswordField } from '../../components/password-field';
import { showIssues } from '../../components/show-issues';
import { TextField } from '../../components/text-field';
import { AuthFrame } from './auth-frame';
import type { LoginReason } from './entrance-search';
import { LoginProblem } from './login-problem';
import { useLogin } from './use-login';

const reasons: Record<LoginReason, { title: string; text: string }> = {
  required: { title: 'Sign in first', text: 'The page you asked for belongs to a workspace.' },
  ended: {
    title: 'Your session has ended',
    text: 'You were signed out elsewhere, or it was a long time ago. Sign in to go on.',
  },
  'signed-out': { title: 'You are signed out', text: 'Nobody can see your workspace from here.' },
};

type LoginPageProps = {
  reason: LoginReason | undefined;
  next: string | undefined;
  onSignedIn: (session: SignedIn) => void;
};

/** Where somebody with an account signs in. */
export function LoginPage({ reason, next, onSignedIn }: LoginPageProps) {
  const email = useLocation({ select: (location) => location.state.email }) ?? '';
  const login = useLogin(onSignedIn);
  const form = useForm({
    resolver: standardSchemaResolver(loginSchema),
    defaultValues: { email, password: '' },
  });
  const { errors } = form.formState;

  const submit = form.handleSubmit((values) =>
    login.mutate(values, {
      onError: (error) => {
        showIssues(form, error.validation, ['email', 'password']);
        if (error.error?.kind === 'INVALID_CREDENTIALS') {
          form.setFocus('password', { shouldSelect: true });
        }
      },
    }),
  );

  return (
    <AuthFrame
      title="Sign in"
      introduction="Go on where you left your workspace."
      footer={
        <>
          No account yet?{' '}
          <Link to="/register" search={{ next }} className="link">
            Create a workspace
          </Link>
        </>
      }
    >
      {reason !== undefined && !login.isError && (
        <Notice title={reasons[reason].title} className="mt-6">
          {reasons[reason].text}
        </Notice>
      )}
      {login.error && (
        <LoginProblem key={login.submittedAt} error={login.error} next={next} onRetry={submit} />
      )}
      <form noValidate onSubmit={submit} className="mt-7 space-y-5">
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
          autoComplete="current-password"
          error={errors.password?.message}
          {...form.register('password')}
        />
        <Button type="submit" look="primary" busy={login.isPending} className="w-full">
          {login.isPending ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
    </AuthFrame>
  );
}
