import { useEffect, useRef } from 'react';
import { Button } from '../components/button';
import { Notice } from '../components/notice';
import { useIsOutdated } from './outdated';

/**
 * Offers the new version of the page at the foot of whichever page is open.
 *
 * It comes after everything else, so nothing moves when it appears, and sticks to the edge of the screen, so it is
 * seen; what it covers can be scrolled out from behind it.
 */
export function OutdatedNotice() {
  const isOutdated = useIsOutdated();
  const foot = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!isOutdated || foot.current === null) return;
    // Announcements stay above it, and so does what gets the focus.
    const { style } = document.documentElement;
    const observer = new ResizeObserver(([entry]) => {
      style.setProperty('--foot', `${entry?.borderBoxSize[0]?.blockSize ?? 0}px`);
    });
    observer.observe(foot.current);
    return () => {
      observer.disconnect();
      style.removeProperty('--foot');
    };
  }, [isOutdated]);

  return (
    // There from the start: screen readers miss what a region brings with it.
    <div
      ref={foot}
      role="status"
      aria-label="Version"
      className="pointer-events-none sticky bottom-0 z-10"
    >
      {isOutdated && (
        <div className="mx-auto w-full max-w-6xl px-4 pb-4 sm:px-8">
          <Notice
            title="A new version is available"
            isInRegion
            isWide
            className="rises pointer-events-auto rounded-r-[3px] shadow-[0_0_0_1px_var(--line),0_10px_24px_-12px_rgb(35_24_14/55%)]"
            actions={<Button onClick={() => window.location.reload()}>Reload</Button>}
          >
            Until you reload, some things may not work. Save what you are writing first.
          </Notice>
        </div>
      )}
    </div>
  );
}
