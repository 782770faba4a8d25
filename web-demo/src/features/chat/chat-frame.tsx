import type { ReactNode } from 'react';
import { SessionList } from './session-list';

/** The list of conversations beside one of them; on a phone one of the two, as `shows` says. */
export function ChatFrame({ shows, children }: { shows: 'list' | 'one'; children: ReactNode }) {
  return (
    <div className="grid gap-x-10 gap-y-8 md:grid-cols-[16rem_minmax(0,1fr)]">
      <div className={`min-w-0 ${shows === 'one' ? 'hidden md:block' : ''}`}>
        <div className="md:sticky md:top-6">
          <SessionList />
        </div>
      </div>
      <div className="min-w-0">{children}</div>
    </div>
  );
}
