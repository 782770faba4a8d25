import type { AppRouter } from '@tintype/bindings';
import { createTRPCContext } from '@trpc/tanstack-react-query';

/** Gives components the procedures of the server as query and mutation options. */
export const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>();
