// Generated from the Rust contract by `cargo xtask bindings`: do not edit.

import { richTypes } from '@tintype/client/rich';

export const contract = {
  hash: '62a1add9f0248dec',
  alone: ['auth.login', 'auth.logout', 'auth.register'],
  retry: ['chat.sendMessage', 'chat.stop'],
  invalidates: {
    'ai.setPolicy': ['ai.policy'],
    'auth.login': ['auth.me'],
    'auth.logout': ['auth.me'],
    'auth.register': ['auth.me'],
    'budget.set': ['budget.get'],
    'chat.sessions.create': ['chat.sessions.list'],
    'chat.sessions.delete': ['chat.sessions.list'],
    'chat.sessions.rename': ['chat.sessions.list'],
    'widgets.create': ['widgets.list'],
    'widgets.delete': ['widgets.list'],
    'widgets.update': ['widgets.list'],
  },
};

export const rich = richTypes(
  [
    ['o', { user: 2, tenant: 3 }],
    ['o', { createdAt: 'd' }],
    ['o', { createdAt: 'd' }],
    ['o', { items: ['a', 5] }],
    ['o', { createdAt: 'd' }],
    ['o', { message: 5 }],
    ['o', { createdAt: 'd', updatedAt: 'd' }],
    ['o', { items: ['a', 7] }],
    ['u', 'kind', { snapshot: ['o', { state: 10 }], message: ['o', { message: 5 }] }],
    ['o', { messages: ['a', 5] }],
    ['u', 'kind', { created: ['o', { widget: 12 }], updated: ['o', { widget: 12 }] }],
    ['o', { createdAt: 'd', updatedAt: 'd' }],
    ['o', { items: ['a', 12] }],
  ],
  {
    'auth.login': [1],
    'auth.me': [1],
    'auth.register': [1],
    'chat.history': [4],
    'chat.sendMessage': [6],
    'chat.sessions.create': [7],
    'chat.sessions.list': [8],
    'chat.sessions.rename': [7],
    'chat.subscribe': [9],
    'widgets.changed': [11],
    'widgets.create': [12],
    'widgets.list': [13],
    'widgets.update': [12],
  },
);
