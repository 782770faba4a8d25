import { sentence } from './failure';

type FieldMessageProps = {
  id: string;
  hint?: string | undefined;
  error?: string | undefined;
};

/** The line under a field: what is wrong, or else what is wanted. */
export function FieldMessage({ id, hint, error }: FieldMessageProps) {
  return (
    <p id={id} aria-live="polite" className="text-sm">
      {error !== undefined ? (
        <span className="mt-2 block font-medium text-alarm">{sentence(error)}</span>
      ) : hint !== undefined ? (
        <span className="mt-2 block text-muted">{hint}</span>
      ) : null}
    </p>
  );
}
