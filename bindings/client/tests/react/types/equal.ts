/** `true` if the two types are the same, also in what is optional or read-only; `any` equals nothing but itself. */
export type Equal<TLeft, TRight> =
  (<T>() => T extends TLeft ? 1 : 2) extends <T>() => T extends TRight ? 1 : 2 ? true : false;

/** Fails to compile unless `TCondition` is `true`. */
export function assertType<TCondition extends true>(_condition?: TCondition): void {}
