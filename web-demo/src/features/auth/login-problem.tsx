import { Link } from '@tanstack/react-router';
import { FailureNotice } from '../../components/failure-notice';
import { sortIssues } from '../../components/field-issues';
import { Notice } from '../../components/notice';
import { WaitNotice } from '../../components/wait-notice';
import type { useLogin } from './use-login';

type LoginProblemProps = {
  error: NonNullable<ReturnType<typeof useLogin>['error']>;
  next: string | undefined;
  onRetry: () => void;
};

const fields = ['email', 'password'] as const;

/** Why the sign-in failed, and what to do. */
export function LoginProblem({ error, next, onRetry }: LoginProblemProps) {
  const problem = error.error;
  const issues = error.validation;
  const isOnFields = issues !== undefined && sortIssues(issues, fields).form === undefined;
  return <div className="mt-6">{explain()}</div>;

  function explain() {
    switch (problem?.kind) {
      case 'INVALID_CREDENTIALS':
        return (
          <Notice
            look="alarm"
            title="E-mail address or password is wrong"
            actions={
              <Link to="/register" search={{ next }} className="link">
                Create a workspace instead
              </Link>
            }
          >
            Check both, then try again.
          </Notice>
        );
      case 'TOO_MANY_ATTEMPTS':
        return <WaitNotice seconds={problem.retryAfterSeconds} onRetry={onRetry} />;
      default:
        return isOnFields ? null : (
          <FailureNotice title="You are not signed in" error={error} onRetry={onRetry} />
        );
    }
  }
}
