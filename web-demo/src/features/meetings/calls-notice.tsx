import { Notice } from '../../components/notice';

const variables = ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'];

/** What an administrator sets before anybody can join. */
export function CallsNotice({ className = '' }: { className?: string }) {
  return (
    <Notice title="Calls are not set up on this server" className={className}>
      Meetings can be created, and nobody can join them yet. An administrator sets{' '}
      {variables.map((variable, index) => (
        <span key={variable}>
          {index > 0 && (index === variables.length - 1 ? ' and ' : ', ')}
          <code className="font-mono text-[0.875em]">{variable}</code>
        </span>
      ))}{' '}
      to a project of LiveKit Cloud or a LiveKit server of one’s own, and starts the server again.
    </Notice>
  );
}
