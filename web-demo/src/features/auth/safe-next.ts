/** The page to return to after signing in; an address outside of the application becomes the front page. */
export function safeNext(next: string | undefined): string {
  // Browsers read `//host` and `/\host` as another site.
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/';
}
