import type { ReactNode } from 'react';
import { Wordmark } from '../components/wordmark';

/** A page that stands for itself, with one thing to say. */
export function PageFrame({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-lg flex-col justify-center gap-8 px-5 py-12">
      <Wordmark />
      {children}
    </main>
  );
}
