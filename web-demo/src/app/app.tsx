import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Announcer } from '../components/announcer';
import { ApiProvider } from '../components/api';
import { api, queryClient, router } from './application';
import { OutdatedNotice } from './outdated-notice';

/** The application with everything its components reach by hooks. */
export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <ApiProvider value={api}>
        <Announcer>
          <RouterProvider router={router} />
          <OutdatedNotice />
        </Announcer>
      </ApiProvider>
    </QueryClientProvider>
  );
}
