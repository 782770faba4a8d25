import type { UserId, Viewer } from '@tintype/bindings/api';

/** Who else has the conversation open. */
export function Viewers({ viewers, me }: { viewers: readonly Viewer[]; me: UserId }) {
  const others = viewers.filter(({ id }) => id !== me).map(({ name }) => name);
  return (
    <p role="status" aria-label="Who is here" className="text-sm text-muted">
      {others.length === 0
        ? 'Only you are here'
        : `Here too: ${new Intl.ListFormat('en').format(others)}`}
    </p>
  );
}
