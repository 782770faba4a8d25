import { FailureNotice } from '../../components/failure-notice';
import { sortIssues } from '../../components/field-issues';
import { Notice } from '../../components/notice';
import type { useInvite } from './use-invite';

type InviteProblemProps = {
  error: NonNullable<ReturnType<typeof useInvite>['error']>;
};

/** Why nobody was invited, and what to do. */
export function InviteProblem({ error }: InviteProblemProps) {
  const problem = error.error;
  const issues = error.validation;
  switch (problem?.kind) {
    case 'ALREADY_MEMBER':
      return (
        <Notice look="alarm" title={`${problem.email} is a member already`}>
          Use another address.
        </Notice>
      );
    case 'TOO_MANY_INVITATIONS':
      return (
        <Notice look="alarm" title={`${problem.limit} invitations are open`}>
          More are not allowed at a time. Revoke one, or wait until one is accepted.
        </Notice>
      );
    default:
      return issues !== undefined && sortIssues(issues, ['email']).form === undefined ? null : (
        <FailureNotice title="Nobody was invited" error={error} />
      );
  }
}
