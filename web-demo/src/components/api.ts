import type { Api } from '@tintype/bindings/api';
import type { TanstackQuery } from '@tintype/client/react';
import { createContext, useContext } from 'react';

const ApiContext = createContext<TanstackQuery<Api> | undefined>(undefined);

/** Gives components the procedures of the server. */
export const ApiProvider = ApiContext.Provider;

/** The procedures of the server, as query, mutation and subscription options. */
export function useApi(): TanstackQuery<Api> {
  const api = useContext(ApiContext);
  if (api === undefined) throw new Error('useApi needs an ApiProvider around the component');
  return api;
}
