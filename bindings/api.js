// Generated from the Rust contract by `cargo xtask bindings`: do not edit.

import { richTypes } from '@tintype/client/rich';

export const contract = {
  hash: '30be5344851e288f',
  alone: ['auth.login', 'auth.logout', 'auth.register'],
  invalidates: {
    'auth.login': ['auth.me'],
    'auth.logout': ['auth.me'],
    'auth.register': ['auth.me'],
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
    ['u', 'kind', { created: ['o', { widget: 5 }], updated: ['o', { widget: 5 }] }],
    ['o', { createdAt: 'd', updatedAt: 'd' }],
    ['o', { items: ['a', 5] }],
  ],
  {
    'auth.login': [1],
    'auth.me': [1],
    'auth.register': [1],
    'widgets.changed': [4],
    'widgets.create': [5],
    'widgets.list': [6],
    'widgets.update': [5],
  },
);
