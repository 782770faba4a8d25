import { type ReactNode, useEffect, useRef } from 'react';
import { Cameo } from '../../components/cameo';
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
        <div className="order-last flex justify-center lg:order-none lg:justify-end">
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
        <div className="develops mx-auto hidden w-full max-w-md lg:block">
          <Cameo seed="tintype" initial="T" viewBox="-120 -120 240 240" />
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
