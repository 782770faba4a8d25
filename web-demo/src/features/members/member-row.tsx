import type { User } from '@tintype/bindings/api';
import { FailureNotice } from '../../components/failure-notice';
import { Moment } from '../../components/moment';
import { Notice } from '../../components/notice';
import { RemoveMemberDialog } from './remove-member-dialog';
import { roleOrder, roles } from './role';
import { useSetRole } from './use-set-role';

type MemberRowProps = {
  member: User;
  isSelf: boolean;
  isOwner: boolean;
  onRemoved: () => void;
};

/** A member, and for owners the way to change or remove them. */
export function MemberRow({ member, isSelf, isOwner, onRemoved }: MemberRowProps) {
  const setRole = useSetRole();
  const name = member.name ?? member.email;
  // Shown at once, and taken back if the server refuses.
  const role = setRole.isPending ? setRole.variables.role : member.role;
  return (
    <div className="py-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <p className="font-semibold wrap-anywhere">
            {name}
            {isSelf && <span className="font-normal text-muted"> (you)</span>}
          </p>
          <p className="text-sm text-muted wrap-anywhere">
            {member.name !== null && <>{member.email}, </>}since <Moment at={member.createdAt} />
          </p>
        </div>
        {isOwner ? (
          <>
            <select
              aria-label={`Role of ${name}`}
              value={role}
              disabled={setRole.isPending}
              onChange={({ target }) => {
                const chosen = roleOrder.find((known) => known === target.value);
                if (chosen) setRole.mutate({ id: member.id, role: chosen });
              }}
              className="min-h-11 rounded-[3px] border border-field bg-mat px-3"
            >
              {roleOrder.map((known) => (
                <option key={known} value={known}>
                  {roles[known].name}
                </option>
              ))}
            </select>
            {!isSelf && <RemoveMemberDialog id={member.id} name={name} onRemoved={onRemoved} />}
          </>
        ) : (
          <p className="text-muted">{roles[member.role].name}</p>
        )}
      </div>
      {setRole.error && <RoleProblem error={setRole.error} />}
    </div>
  );
}

function RoleProblem({ error }: { error: NonNullable<ReturnType<typeof useSetRole>['error']> }) {
  switch (error.error?.kind) {
    case 'LAST_OWNER':
      return (
        <Notice look="alarm" title="Somebody has to own the workspace" className="mt-3">
          Make somebody else an owner first.
        </Notice>
      );
    default:
      return <FailureNotice title="The role was not changed" error={error} className="mt-3" />;
  }
}
