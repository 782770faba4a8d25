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
  /** Whether it stands in a region that reads it out already. */
  isInRegion?: boolean;
  /** Whether the actions stand beside the text where there is room. */
  isWide?: boolean;
  className?: string;
};

/** Something to know before going on, read out when it appears. */
export function Notice({
  look = 'plain',
  title,
  children,
  actions,
  isInRegion = false,
  isWide = false,
  className = '',
}: NoticeProps) {
  const role = look === 'alarm' ? 'alert' : 'status';
  return (
    <div
      role={isInRegion ? undefined : role}
      className={`border-l-4 px-4 py-3 text-[0.9375rem] ${isWide ? 'gap-x-6 sm:flex sm:items-center sm:justify-between' : ''} ${looks[look]} ${className}`}
    >
      <div>
        <p className="font-semibold">{title}</p>
        {children !== undefined && <div className="mt-0.5">{children}</div>}
      </div>
      {actions !== undefined && (
        <div
          className={`mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 ${isWide ? 'shrink-0 sm:mt-0' : ''}`}
        >
          {actions}
        </div>
      )}
    </div>
  );
}
