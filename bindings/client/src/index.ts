export {
  ApiError,
  type ErrorCode,
  type ErrorData,
  type ErrorDetails,
  isApiError,
  type ValidationIssue,
} from './api-error.js';
export { createClient } from './client.js';
export type {
  Call,
  CallOptions,
  ConnectionState,
  Contract,
  ErrorOf,
  InputOf,
  Mutation,
  OutputOf,
  Query,
  Rich,
  RichTypes,
  SubscribeOptions,
  Subscription,
  Tracked,
  Unsubscribe,
  UploadProgress,
} from './contract.js';
export { type EventsOptions, eventsOf } from './events-of.js';
export { fetchWithContract } from './fetch-with-contract.js';
export { http } from './http.js';
export { onAuthLost } from './on-auth-lost.js';
export type { ClientOptions, Fetch, FetchInit, OptionsOf } from './options.js';
export { postLongQueries } from './post-long-queries.js';
export { safe } from './safe.js';
export { splitTransport } from './split-transport.js';
export type * from './transport.js';
