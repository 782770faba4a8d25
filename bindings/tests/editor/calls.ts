// Opened in an editor by go-to-definition.test.ts; every marked name must lead into the Rust source.

import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import type { AppRouter, Widget, WidgetEvent } from '../../index.js';

const client = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: '/trpc' })] });
const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient: new QueryClient() });

export function calls(): unknown[] {
  return [
    client.auth.me.query(), // -> me: pub async fn me(
    client.auth.login, // -> login: pub async fn login(
    client.widgets.create, // -> create: pub async fn create(
    client.widgets.changed, // -> changed: pub async fn changed(
    trpc.widgets.list.queryOptions(), // -> list: pub async fn list(
    trpc.widgets.delete.mutationOptions(), // -> delete: pub async fn delete(
  ];
}

export let widget: Widget | undefined; // -> Widget: pub struct Widget {
export let event: WidgetEvent | undefined; // -> WidgetEvent: pub enum WidgetEvent {
