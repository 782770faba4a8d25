import { type ReactNode, useEffect, useRef } from 'react';
import { ThemeToggle } from '../../components/theme-toggle';
import { useDocumentTitle } from '../../components/use-document-title';
import { Wordmark } from '../../components/wordmark';

type AuthFrameProps = {
  title: string;
  introduction: string;
  children: ReactNode;
  footer: ReactNode;
};

/** A form of the entrance, beside a plate. */
export function AuthFrame({ title, introduction, children, footer }: AuthFrameProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useDocumentTitle(title);
  // Whoever comes from another page hears where they are.
  useEffect(() => heading.current?.focus(), []);

  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <EntrancePlate />
      <div className="flex flex-col px-5 py-6 sm:px-10">
        <div className="flex justify-end">
          <ThemeToggle />
        </div>
        <main className="mx-auto my-auto w-full max-w-md py-10">
          <h1
            ref={heading}
            tabIndex={-1}
            className="font-display text-[2rem] leading-tight tracking-tight outline-none"
          >
            {title}
          </h1>
          <p className="mt-2 text-muted">{introduction}</p>
          {children}
          <p className="mt-8 border-t border-line pt-5 text-[0.9375rem] text-muted">{footer}</p>
        </main>
      </div>
    </div>
  );
}

function EntrancePlate() {
  return (
    <div className="p-4 pb-0 lg:p-5 lg:pr-0">
      <div className="snipped plate flex h-full flex-col justify-between gap-6 overflow-hidden p-6 [--snip:18px] lg:p-10">
        <Wordmark className="self-start" />
        <div className="develops mx-auto hidden aspect-[4/5] w-full max-w-64 rounded-[50%] bg-[radial-gradient(55%_55%_at_46%_40%,#e9dfcd,#b7a98f_62%,#6d6150_88%,#3a3029)] shadow-[0_0_0_1px_#0d0a08,0_0_0_10px_#2a221c,0_0_0_11px_#8f7f69] lg:grid lg:place-items-center">
          <svg viewBox="0 0 120 150" aria-hidden="true" className="w-3/5 fill-[#2a211a]">
            <path d="M18 34h84v15H68v67h-16V49H18z" />
            <path d="M38 120h44v5H38z" opacity=".55" />
          </svg>
        </div>
        <p className="max-w-sm font-display text-xl leading-snug lg:text-[1.75rem]">
          One exposure, every window.
          <span className="mt-2 block font-sans text-[0.9375rem] leading-relaxed text-[#b9ad9a]">
            What one person changes in a workspace, everybody in it sees at once.
          </span>
        </p>
      </div>
    </div>
  );
}
