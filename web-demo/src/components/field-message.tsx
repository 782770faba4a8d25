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
        <span className="mt-1.5 block font-medium text-alarm">{error}</span>
      ) : hint !== undefined ? (
        <span className="mt-1.5 block text-muted">{hint}</span>
      ) : null}
    </p>
  );
}
