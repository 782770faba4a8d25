import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** The members of the workspace, who came first first. */
export function useMembers() {
  return useQuery(useApi().members.list.queryOptions());
}
