import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** So near to the end of the page somebody still follows it, in pixels. */
const NEAR = 160;

/** Keeps the end of the page in view while `content` grows, unless somebody has scrolled away from it. */
export function useFollow(content: unknown) {
  const follows = useRef(true);
  const [isAway, setIsAway] = useState(false);

  const toEnd = useCallback(() => {
    window.scrollTo({ top: document.documentElement.scrollHeight });
  }, []);
  useEffect(() => {
    const look = () => {
      const { scrollHeight } = document.documentElement;
      follows.current = window.scrollY + window.innerHeight >= scrollHeight - NEAR;
      setIsAway(!follows.current);
    };
    window.addEventListener('scroll', look, { passive: true });
    return () => window.removeEventListener('scroll', look);
  }, []);
  useLayoutEffect(() => {
    if (follows.current) toEnd();
  }, [content, toEnd]);

  return { isAway, toEnd };
}
