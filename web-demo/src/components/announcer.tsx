import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';

const AnnounceContext = createContext<(message: string) => void>(() => {});

/** Says in a line at the edge of the screen, and to screen readers, what just changed. */
export function useAnnounce(): (message: string) => void {
  return useContext(AnnounceContext);
}

const SHOWN_MS = 6000;

/** Shows the newest announcement for a few seconds; what it says is on the page as well. */
export function Announcer({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState<{ text: string } | undefined>();
  const announce = useCallback((text: string) => setMessage({ text }), []);

  useEffect(() => {
    if (message === undefined) return;
    const timer = setTimeout(() => setMessage(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [message]);

  return (
    <AnnounceContext value={announce}>
      {children}
      <div
        role="status"
        aria-label="Latest change"
        className="pointer-events-none fixed inset-x-4 bottom-[calc(1.25rem+var(--foot,0px))] z-40 flex justify-center"
      >
        {message !== undefined && (
          <p className="snipped plate rises max-w-md px-6 py-3 text-center text-sm wrap-anywhere">
            {message.text}
          </p>
        )}
      </div>
    </AnnounceContext>
  );
}
