/** The look that dialogs share; the behaviour is that of the primitive they are built on. */
export const dialogFrame = {
  overlay: 'fixed inset-0 z-20 bg-[rgb(15_11_8/62%)]',
  content:
    'mat rises fixed top-1/2 left-1/2 z-30 max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 -translate-y-1/2 overflow-y-auto p-6 sm:p-8',
  title: 'font-display text-2xl tracking-tight wrap-anywhere',
  description: 'mt-1.5 text-[0.9375rem] text-muted wrap-anywhere',
  actions: 'mt-7 flex flex-wrap justify-end gap-3',
} as const;
