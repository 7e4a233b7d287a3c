import type { Client } from '../../../client/client.ts'
import { Button, type ButtonProps, Code, Group, Modal, Stack } from '@mantine/core'
import type { ReactNode, ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { EngineButton } from '../primitives/change-controls.tsx'
import { CopyIcon } from '../primitives/copy-icon.tsx'
import classes from './forms.module.css'
import { type Call, ErrorPanel, notifyDone, useCall } from '../feedback/feedback.tsx'

/** Body of a dialog for what only the command line can set: a program to run. */
export function CommandLineOnly(props: {
  text: string
  command: string
  label: string
  onClose: () => void
}) {
  const { t } = useTranslation('ui')
  return (
    <>
      <p>{props.text}</p>
      <Group gap="xs" wrap="nowrap">
        <Code block flex={1} className="pre-wrap">
          {props.command}
        </Code>
        <CopyIcon value={props.command} label={props.label} />
      </Group>
      <DialogFoot>
        <Button variant="default" onClick={props.onClose}>
          {t('close')}
        </Button>
      </DialogFoot>
    </>
  )
}

/** Confirms an act that loses something; `children` names the loss. Stays open if the act fails. */
export function ConfirmDialog(props: {
  opened: boolean
  title: string
  confirmLabel: string
  call: Call
  onConfirm: () => void
  onClose: () => void
  children: ReactNode
  tone?: 'danger' | 'plain'
  /** Disables the confirm button while required input is missing. */
  isIncomplete?: boolean
}) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} centered size="md">
      <Stack gap="md">
        <div className={classes.body}>{props.children}</div>
        {props.call.error ? <ErrorPanel error={props.call.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <CancelButton onClick={props.onClose} data-autofocus />
          <EngineButton
            color={props.tone === 'plain' ? undefined : 'red'}
            loading={props.call.busy}
            disabled={props.isIncomplete ?? false}
            onClick={props.onConfirm}
          >
            {props.confirmLabel}
          </EngineButton>
        </Group>
      </Stack>
    </Modal>
  )
}

/** Sticky footer of a dialog; `reason` explains why its last button is disabled. */
export function DialogFoot({ reason, children }: { reason?: string | null; children: ReactNode }) {
  return (
    <div className={classes.foot}>
      <span className="dim text-xs pretty fill" role="status">
        {reason}
      </span>
      {children}
    </div>
  )
}

/** Asks before one engine call, then announces `done` and closes. Mounted while it asks. */
export function ConfirmCall(props: {
  title: string
  confirmLabel: string
  act: (client: Client) => Promise<unknown>
  done?: string
  onClose: () => void
  children: ReactNode
}) {
  const { act, done, ...shown } = props
  const call = useCall()
  const confirm = async () => {
    if (!(await call.run((client) => act(client).then(() => true)))) return
    if (done) notifyDone(done)
    props.onClose()
  }
  return <ConfirmDialog {...shown} opened call={call} onConfirm={() => void confirm()} />
}

/** Leaves a dialog or form without its change. */
export function CancelButton(props: Pick<ButtonProps, 'size'> & { onClick: () => void }) {
  const { t } = useTranslation('ui')
  return (
    <Button variant="default" {...props}>
      {t('confirm.cancel')}
    </Button>
  )
}

/** Form whose submission calls `onSubmit` and never navigates. */
export function SubmitForm({
  onSubmit,
  ...rest
}: Omit<ComponentProps<'form'>, 'onSubmit'> & { onSubmit: () => unknown }) {
  return (
    <form
      {...rest}
      onSubmit={(event) => {
        event.preventDefault()
        void onSubmit()
      }}
    />
  )
}
