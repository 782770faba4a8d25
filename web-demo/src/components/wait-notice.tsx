import { useEffect, useState } from 'react';
import { Button } from './button';
import { Notice } from './notice';

type WaitNoticeProps = {
  seconds: number;
  onRetry: () => void;
};

/** Counts down until the server takes the next attempt, then offers it. */
export function WaitNotice({ seconds, onRetry }: WaitNoticeProps) {
  const [until] = useState(() => Date.now() + seconds * 1000);
  const [left, setLeft] = useState(seconds);

  useEffect(() => {
    const timer = setInterval(() => {
      setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    }, 1000);
    return () => clearInterval(timer);
  }, [until]);

  return (
    <Notice
      look="alarm"
      title="Too many attempts"
      actions={
        <Button disabled={left > 0} onClick={onRetry}>
          Try again
        </Button>
      }
    >
      {/* A count that is read out every second would drown everything else. */}
      <span aria-hidden="true">
        {left > 0 ? `You can try again in ${left} s.` : 'You can try again now.'}
      </span>
      <span className="sr-only">
        {left > 0 ? `You can try again in ${seconds} seconds.` : 'You can try again now.'}
      </span>
    </Notice>
  );
}
