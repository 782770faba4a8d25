import { type ComponentProps, useId } from 'react';
import { FieldMessage } from './field-message';

type TextFieldProps = ComponentProps<'input'> & {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** What stands at the end of the line of the label. */
  aside?: React.ReactNode;
};

/** A labelled line of text with its hint and its error. */
export function TextField({ label, hint, error, aside, className = '', ...input }: TextFieldProps) {
  const id = useId();
  const messageId = `${id}-message`;
  return (
    <div className={className}>
      <div className="mb-1.5 flex items-baseline justify-between gap-4">
        <label htmlFor={id} className="text-sm font-semibold">
          {label}
        </label>
        {aside}
      </div>
      <input
        {...input}
        id={id}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={error !== undefined || hint !== undefined ? messageId : undefined}
        className="block min-h-11 w-full rounded-[3px] border border-field bg-mat px-3 text-base shadow-[inset_0_1px_2px_rgb(35_24_14/8%)] placeholder:text-muted aria-invalid:border-alarm aria-invalid:border-2"
      />
      <FieldMessage id={messageId} hint={hint} error={error} />
    </div>
  );
}
