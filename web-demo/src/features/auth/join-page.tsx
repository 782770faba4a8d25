import { Link } from '@tanstack/react-router';
import type { SignedIn } from '@tintype/bindings/api';
import { AuthFrame } from './auth-frame';
import { JoinForm } from './join-form';
import { JoinProblem } from './join-problem';
import { useInvitation } from './use-invitation';
import { useSession } from './use-session';

type JoinPageProps = {
  token: string;
  onSignedIn: (session: SignedIn) => void;
};

/** Where somebody who was invited creates their account. */
export function JoinPage({ token, onSignedIn }: JoinPageProps) {
  const { data: invitation, error, refetch } = useInvitation(token);
  const { data: session } = useSession();
  return (
    <AuthFrame
      title={invitation ? `Join ${invitation.tenantName}` : 'Join a workspace'}
      introduction={
        invitation
          ? `You are invited to be ${invitation.role === 'owner' ? 'an owner' : 'a member'} of this workspace.`
          : 'An invitation leads into the workspace of somebody else.'
      }
      footer={
        <>
          Have an account?{' '}
          <Link to="/login" className="link">
            Sign in
          </Link>
        </>
      }
    >
      {error && <JoinProblem error={error} onRetry={refetch} />}
      {invitation === undefined && !error && (
        <div role="status" aria-label="Loading the invitation" className="mt-7 space-y-5">
          {['a', 'b', 'c'].map((key) => (
            <div key={key} className="developing h-11 bg-line" />
          ))}
        </div>
      )}
      {invitation !== undefined && !error && (
        <JoinForm
          token={token}
          invitation={invitation}
          signedInAs={session?.user.email}
          onSignedIn={onSignedIn}
        />
      )}
    </AuthFrame>
  );
}
