import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { Api } from '@tintype/bindings/api';
import type { TanstackQuery } from '@tintype/client/react';
import { entranceSearch } from '../features/auth/entrance-search';
import { joinSearch } from '../features/auth/join-search';
import { safeNext } from '../features/auth/safe-next';
import { knowledgeSearch, placeSearch } from '../features/knowledge/knowledge-search';
import { NotFoundPage } from './not-found-page';

/** What routes can reach before their components exist. */
export type RouterContext = {
  queryClient: QueryClient;
  api: TanstackQuery<Api>;
};

const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
});

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const me = await context.queryClient.ensureQueryData(context.api.auth.me.queryOptions());
    if (me === null) {
      // The front page is where everybody arrives; only a deeper address was asked for on purpose.
      throw redirect({
        to: '/login',
        search: location.href === '/' ? {} : { reason: 'required', next: location.href },
      });
    }
  },
  component: lazyRouteComponent(() => import('./signed-in-layout'), 'SignedInLayout'),
});

const indexRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/widgets', replace: true });
  },
});

const widgetsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/widgets',
  component: lazyRouteComponent(() => import('./widgets-route'), 'WidgetsRoute'),
});

const chatRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/chat',
  component: lazyRouteComponent(() => import('./chat-route'), 'ChatRoute'),
});

const conversationRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/chat/$sessionId',
  component: lazyRouteComponent(() => import('./conversation-route'), 'ConversationRoute'),
});

const knowledgeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/knowledge',
  validateSearch: knowledgeSearch,
  component: lazyRouteComponent(() => import('./knowledge-route'), 'KnowledgeRoute'),
});

const documentRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/knowledge/$documentId',
  validateSearch: placeSearch,
  component: lazyRouteComponent(() => import('./document-route'), 'DocumentRoute'),
});

const meetingsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/meetings',
  component: lazyRouteComponent(() => import('./meetings-route'), 'MeetingsRoute'),
});

const meetingRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/meetings/$meetingId',
  component: lazyRouteComponent(() => import('./meeting-route'), 'MeetingRoute'),
});

const costsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/costs',
  component: lazyRouteComponent(() => import('./costs-route'), 'CostsRoute'),
});

const membersRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/members',
  component: lazyRouteComponent(() => import('./members-route'), 'MembersRoute'),
});

const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./account-route'), 'AccountRoute'),
});

// For everybody: whoever is signed in is told what joining another workspace means.
const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join',
  validateSearch: joinSearch,
  component: lazyRouteComponent(() => import('./join-route'), 'JoinRoute'),
});

const entranceRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'entrance',
  validateSearch: entranceSearch,
  beforeLoad: async ({ context, search }) => {
    const { queryClient, api } = context;
    // Without an answer the form is shown; it will say that the server cannot be reached.
    const me = await queryClient.ensureQueryData(api.auth.me.queryOptions()).catch(() => null);
    if (me !== null) throw redirect({ href: safeNext(search.next), replace: true });
  },
});

const loginRoute = createRoute({
  getParentRoute: () => entranceRoute,
  path: '/login',
  component: lazyRouteComponent(() => import('./login-route'), 'LoginRoute'),
});

const registerRoute = createRoute({
  getParentRoute: () => entranceRoute,
  path: '/register',
  component: lazyRouteComponent(() => import('./register-route'), 'RegisterRoute'),
});

/** Every page under its address. */
export const routeTree = rootRoute.addChildren([
  signedInRoute.addChildren([
    indexRoute,
    widgetsRoute,
    chatRoute,
    conversationRoute,
    knowledgeRoute,
    documentRoute,
    meetingsRoute,
    meetingRoute,
    costsRoute,
    membersRoute,
    accountRoute,
  ]),
  joinRoute,
  entranceRoute.addChildren([loginRoute, registerRoute]),
]);
