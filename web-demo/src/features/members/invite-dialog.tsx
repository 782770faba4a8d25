import { standardSchemaResolver } from '@hookform/resolvers/standard-schema';
import type { Invite, Invited } from '@tintype/bindings/api';
import { inviteSchema } from '@tintype/bindings/schemas';
import { Dialog } from 'radix-ui';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { Button } from '../../components/button';
import { CopyField } from '../../components/copy-field';
import { dialogFrame } from '../../components/dialog-frame';
import { Moment } from '../../components/moment';
import { showIssues } from '../../components/show-issues';
import { TextField } from '../../components/text-field';
import { InviteProblem } from './invite-problem';
import { roleOrder, roles } from './role';
import { useInvite } from './use-invite';

/** Invites somebody; `children` is the button that opens the dialog. */
export function InviteDialog({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const [invited, setInvited] = useState<Invited>();
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        setInvited(undefined);
        setOpen(next);
      }}
    >
      <Dialog.Trigger asChild>{children}</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className={dialogFrame.overlay} />
        <Dialog.Content className={dialogFrame.content}>
          {invited === undefined ? (
            <>
              <Dialog.Title className={dialogFrame.title}>Invite somebody</Dialog.Title>
              <Dialog.Description className={dialogFrame.description}>
                You get a link to pass on. No mail is sent.
              </Dialog.Description>
              <InviteForm onInvited={setInvited} />
            </>
          ) : (
            <InvitationLink invited={invited} />
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function InviteForm({ onInvited }: { onInvited: (invited: Invited) => void }) {
  const invite = useInvite();
  const form = useForm<Invite>({
    resolver: standardSchemaResolver(inviteSchema),
    defaultValues: { email: '', role: 'member' },
  });

  const submit = form.handleSubmit((values) =>
    invite.mutate(values, {
      onSuccess: onInvited,
      onError: ({ validation }) => showIssues(form, validation, ['email']),
    }),
  );

  return (
    <form noValidate onSubmit={submit} className="mt-6 space-y-5">
      {invite.error && <InviteProblem error={invite.error} />}
      <TextField
        label="E-mail address"
        type="email"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        error={form.formState.errors.email?.message}
        {...form.register('email', { onChange: () => invite.isError && invite.reset() })}
      />
      <fieldset>
        <legend className="mb-1 text-sm font-semibold">Role</legend>
        {roleOrder.map((role) => (
          <label key={role} className="flex min-h-11 items-center gap-3">
            <input type="radio" value={role} {...form.register('role')} />
            <span>
              {roles[role].name}{' '}
              <span className="text-sm text-muted">may do {roles[role].may}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className={dialogFrame.actions}>
        <Dialog.Close asChild>
          <Button>Cancel</Button>
        </Dialog.Close>
        <Button type="submit" look="primary" busy={invite.isPending}>
          {invite.isPending ? 'Inviting…' : 'Make a link'}
        </Button>
      </div>
    </form>
  );
}

function InvitationLink({ invited: { invitation, token } }: { invited: Invited }) {
  const title = useRef<HTMLHeadingElement>(null);
  // The form that had the focus is gone.
  useEffect(() => title.current?.focus(), []);
  return (
    <>
      <Dialog.Title ref={title} tabIndex={-1} className={`${dialogFrame.title} outline-none`}>
        {invitation.email} is invited
      </Dialog.Title>
      <Dialog.Description className={dialogFrame.description}>
        Pass this link on. It is shown now and never again, works once, and until{' '}
        <Moment at={invitation.expiresAt} />.
      </Dialog.Description>
      <div className="mt-6">
        <CopyField label="Link" text={`${window.location.origin}/join?token=${token}`} />
      </div>
      <div className={dialogFrame.actions}>
        <Dialog.Close asChild>
          <Button>Done</Button>
        </Dialog.Close>
      </div>
    </>
  );
}
