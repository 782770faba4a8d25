import type { UserRole } from '@tintype/bindings/api';

/** The roles with what they may do, as people read them. */
export const roles: Record<UserRole, { name: string; may: string }> = {
  member: { name: 'Member', may: 'everything but change members and budgets' },
  owner: { name: 'Owner', may: 'everything' },
};

/** The roles in the order in which they are offered. */
export const roleOrder: readonly UserRole[] = ['member', 'owner'];
