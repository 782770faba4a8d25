import { Link } from '@tanstack/react-router';
import { FailureNotice } from '../../components/failure-notice';
import { sortIssues } from '../../components/field-issues';
import { Notice } from '../../components/notice';
import { WaitNotice } from '../../components/wait-notice';
import type { useRegister } from './use-register';

type RegisterProblemProps = {
  error: NonNullable<ReturnType<typeof useRegister>['error']>;
  next: string | undefined;
  onRetry: () => void;
};

const fields = ['tenantName', 'name', 'email', 'password'] as const;

/** Why the registration failed, and what to do. */
export function RegisterProblem({ error, next, onRetry }: RegisterProblemProps) {
  const problem = error.error;
  const issues = error.validation;
  const isOnFields = issues !== undefined && sortIssues(issues, fields).form === undefined;
  return <div className="mt-6">{explain()}</div>;

  function explain() {
    switch (problem?.kind) {
      case 'EMAIL_TAKEN':
        return (
          <Notice
            look="alarm"
            title={`${problem.email} has an account`}
            actions={
              <Link to="/login" search={{ next }} state={{ email: problem.email }} className="link">
                Sign in with this address
              </Link>
            }
          >
            Sign in, or use another address.
          </Notice>
        );
      case 'TOO_MANY_ATTEMPTS':
        return <WaitNotice seconds={problem.retryAfterSeconds} onRetry={onRetry} />;
      default:
        return isOnFields ? null : (
          <FailureNotice title="The workspace was not created" error={error} onRetry={onRetry} />
        );
    }
  }
}
