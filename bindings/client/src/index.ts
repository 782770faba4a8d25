export {
  ApiError,
  type ErrorCode,
  type ErrorData,
  type ErrorDetails,
  isApiError,
  type ValidationIssue,
} from './api-error.js';
export { createClient, createClientOn } from './client.js';
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
  SubscriptionHandle,
  Tracked,
  UploadProgress,
} from './contract.js';
export { http } from './http.js';
export type { ClientOptions, Fetch, OptionsOf, RichOption, TransportOption } from './options.js';
export { safe } from './safe.js';
export { splitTransport } from './split-transport.js';
export type * from './transport.js';
