import { Link } from '@tanstack/react-router';
import type { AcceptError } from '@tintype/bindings/api';
import type { ValidationIssue } from '@tintype/client';
import { FailureNotice } from '../../components/failure-notice';
import { sortIssues } from '../../components/field-issues';
import { Notice } from '../../components/notice';
import { WaitNotice } from '../../components/wait-notice';

type JoinProblemProps = {
  error: {
    error?: AcceptError | undefined;
    validation?: readonly ValidationIssue[] | undefined;
  };
  onRetry: () => void;
};

/** Why an invitation leads nowhere, and what to do. */
export function JoinProblem({ error, onRetry }: JoinProblemProps) {
  const problem = error.error;
  const issues = error.validation;
  const isOnFields =
    issues !== undefined && sortIssues(issues, ['name', 'password']).form === undefined;
  return <div className="mt-6">{explain()}</div>;

  function explain() {
    switch (problem?.kind) {
      case 'INVITATION_UNKNOWN':
        return (
          <Notice look="alarm" title="There is no such invitation">
            Check that the link is complete.
          </Notice>
        );
      case 'INVITATION_EXPIRED':
        return (
          <Notice look="alarm" title="The invitation has expired">
            Ask whoever invited you for another one.
          </Notice>
        );
      case 'INVITATION_REVOKED':
        return (
          <Notice look="alarm" title="The invitation was revoked">
            There may be a newer one; ask whoever invited you.
          </Notice>
        );
      case 'INVITATION_USED':
        return (
          <Notice
            look="alarm"
            title="The invitation was accepted before"
            actions={
              <Link to="/login" className="link">
                Sign in
              </Link>
            }
          >
            If it was you, sign in with your address and password.
          </Notice>
        );
      case 'EMAIL_TAKEN':
        return (
          <Notice
            look="alarm"
            title={`${problem.email} has an account`}
            actions={
              <Link to="/login" state={{ email: problem.email }} className="link">
                Sign in with this address
              </Link>
            }
          >
            An address belongs to one workspace. Ask for an invitation of another address.
          </Notice>
        );
      case 'TOO_MANY_ATTEMPTS':
        return <WaitNotice seconds={problem.retryAfterSeconds} onRetry={onRetry} />;
      default:
        return isOnFields ? null : (
          <FailureNotice title="The invitation did not work" error={error} onRetry={onRetry} />
        );
    }
  }
}
