import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Announcer } from '../components/announcer';
import { TRPCProvider } from '../components/trpc';
import { queryClient, router } from './application';
import { trpcClient } from './trpc-client';

/** The application with everything its components reach by hooks. */
export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider queryClient={queryClient} trpcClient={trpcClient}>
        <Announcer>
          <RouterProvider router={router} />
        </Announcer>
      </TRPCProvider>
    </QueryClientProvider>
  );
}
