import type { ReactNode } from 'react';

const looks = {
  alarm: 'border-alarm bg-alarm-wash',
  plain: 'border-sepia bg-sepia-wash',
} as const;

type NoticeProps = {
  look?: keyof typeof looks;
  title: string;
  children?: ReactNode;
  /** Buttons or links that lead on. */
  actions?: ReactNode;
  className?: string;
};

/** Something to know before going on, read out when it appears. */
export function Notice({ look = 'plain', title, children, actions, className = '' }: NoticeProps) {
  return (
    <div
      role={look === 'alarm' ? 'alert' : 'status'}
      className={`border-l-4 px-4 py-3 text-[0.9375rem] ${looks[look]} ${className}`}
    >
      <p className="font-semibold">{title}</p>
      {children !== undefined && <div className="mt-0.5">{children}</div>}
      {actions !== undefined && (
        <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">{actions}</div>
      )}
    </div>
  );
}
