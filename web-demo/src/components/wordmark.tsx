/** The name of the product beside its mark, a small plate with a cameo. */
export function Wordmark({ className = '' }: { className?: string }) {
  return (
    <span className={`inline-flex items-center gap-2.5 ${className}`}>
      <svg viewBox="0 0 32 32" aria-hidden="true" className="size-8 shrink-0">
        <path d="M6 1h20l5 5v20l-5 5H6l-5-5V6z" fill="#201a16" />
        <path d="M7 3.5h18L28.5 7v18L25 28.5H7L3.5 25V7z" fill="none" stroke="#8f7f69" />
        <ellipse cx="16" cy="16" rx="8.5" ry="10.5" fill="#d9cdb8" />
        <path d="M11.5 11h9v2.2h-3.3V22h-2.4v-8.8h-3.3z" fill="#201a16" />
      </svg>
      <span className="font-display text-[1.375rem] leading-none tracking-tight">tintype</span>
    </span>
  );
}
