import type { Part } from './highlighted';

/** A text whose marked stretches stand out. */
export function Parts({ parts }: { parts: readonly Part[] }) {
  return parts.map(({ at, text, isMarked }) =>
    isMarked ? (
      <mark key={at} className="found">
        {text}
      </mark>
    ) : (
      <span key={at}>{text}</span>
    ),
  );
}
