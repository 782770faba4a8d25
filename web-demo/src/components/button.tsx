import type { ComponentProps } from 'react';

const looks = {
  primary: 'snipped bg-press text-press-ink font-semibold px-5 hover:bg-press-lit [--snip:6px]',
  quiet: 'rounded-[3px] border border-field bg-mat px-4 font-medium hover:bg-sunk',
  plain: 'rounded-[3px] px-2.5 font-medium text-muted hover:bg-sunk hover:text-ink',
  alarm: 'rounded-[3px] bg-[#8f2a1c] px-4 font-semibold text-[#fff3ec] hover:bg-[#752014]',
} as const;

type ButtonProps = ComponentProps<'button'> & {
  look?: keyof typeof looks;
  /** Whether the work it started goes on; it then takes no further presses. */
  busy?: boolean;
};

/** A button that says when it is at work. */
export function Button({ look = 'quiet', busy = false, className = '', ...props }: ButtonProps) {
  const { disabled = false, onClick, type = 'button', children, ...rest } = props;
  return (
    <button
      {...rest}
      type={type}
      // A disabled button would lose the focus, so a busy one only ignores presses.
      aria-disabled={busy || disabled || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (busy || disabled) event.preventDefault();
        else onClick?.(event);
      }}
      className={`inline-flex min-h-11 items-center justify-center gap-2 text-[0.9375rem] transition-colors aria-disabled:cursor-default aria-disabled:opacity-60 ${looks[look]} ${className}`}
    >
      {children}
    </button>
  );
}
