import { Checkbox, Group, TextInput, Button, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LocalAuthority } from '../../../contract/local-authority/authority.ts'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { allowDomain, replaceAuthority, saveDer, savePem, showCode } from './actions.ts'
import { Fact, FactList } from '../../ui/lists/facts.tsx'
import { HexPairs } from '../../ui/primitives/hex.tsx'
import { ConfirmDialog, SubmitForm } from '../../ui/forms/dialog.tsx'
import { downloadBase64, downloadText } from '../../ui/primitives/download.ts'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { useCall } from '../../ui/feedback/feedback.tsx'
import { ValidityBar } from '../../ui/certificate/validity-bar.tsx'
import { fingerprintCode } from '../../../domain/fingerprint-code.ts'
import { Code } from './code.tsx'
import classes from './trust.module.css'

type OpenDialog = 'allow' | 'rotate' | 'code'

export function AuthoritySection({
  authority,
  heldBy,
  changed,
}: {
  authority: LocalAuthority | null
  /** Trust stores that contain its root. */
  heldBy: string[]
  changed: () => void
}) {
  const { t } = useTranslation('trust')
  const [dialog, setDialog] = useState<OpenDialog | null>(null)
  return (
    <Section
      title={t('authority.title')}
      aside={authority ? <Acts authority={authority} ask={setDialog} /> : null}
    >
      {authority ? <Facts authority={authority} /> : <p>{t('authority.none')}</p>}
      {dialog === 'code' && authority ? (
        <CodeDialog fingerprint={authority.root.facts.fingerprintSha256} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === 'allow' || dialog === 'rotate' ? (
        <RotateDialog
          kind={dialog}
          heldBy={heldBy}
          onClose={() => setDialog(null)}
          onDone={() => {
            setDialog(null)
            changed()
          }}
        />
      ) : null}
    </Section>
  )
}

function Acts({ authority, ask }: { authority: LocalAuthority; ask: (kind: OpenDialog) => void }) {
  const { pem, der } = authority.root
  const shared = { size: 'xs', variant: 'default' } as const
  return (
    <Group gap={6}>
      <ActionButton
        {...shared}
        action={savePem}
        act={() => downloadText('edgekeep-local-authority.crt', 'application/x-x509-ca-cert', pem)}
      />
      <ActionButton
        {...shared}
        action={saveDer}
        act={() =>
          downloadBase64({
            fileName: 'edgekeep-local-authority.cer',
            mediaType: 'application/pkix-cert',
            contentBase64: der,
          })
        }
      />
      <ActionButton {...shared} action={showCode} act={() => ask('code')} />
      <ActionButton {...shared} action={replaceAuthority} act={() => ask('rotate')} />
      <ActionButton {...shared} action={allowDomain} act={() => ask('allow')} />
    </Group>
  )
}

function Facts({ authority: { root, intermediate, suffixes, retired } }: { authority: LocalAuthority }) {
  const { t } = useTranslation(['trust', 'facts'])
  return (
    <FactList>
      <Fact term={t('authority.name')}>{root.facts.title}</Fact>
      <Fact term={t('authority.names')}>
        {suffixes ? t('authority.namesAfter', { names: suffixes.join(', ') }) : t('authority.any')}
      </Fact>
      <Fact term={t('facts:sha256')} hex={root.facts.fingerprintSha256} />
      <Fact term={t('facts:validity')}>
        <ValidityBar notBefore={root.facts.notBefore} notAfter={root.facts.notAfter} />
      </Fact>
      {intermediate ? <Fact term={t('authority.signs')}>{intermediate.title}</Fact> : null}
      {retired.length > 0 ? (
        <Fact term={t('authority.retired')}>{retired.map(({ facts }) => facts.title).join(', ')}</Fact>
      ) : null}
    </FactList>
  )
}

function RotateDialog(props: {
  kind: 'allow' | 'rotate'
  heldBy: string[]
  onClose: () => void
  onDone: () => void
}) {
  const { t } = useTranslation('trust')
  const call = useCall()
  const [suffix, setSuffix] = useState('')
  const [clockIsRight, setClockIsRight] = useState(false)
  const isClockDoubted = call.error?.code === 'authority.clock_doubtful'
  const { kind, heldBy, onClose, onDone } = props
  const confirm = async () => {
    const allow = kind === 'allow' ? [suffix.trim()] : []
    if (await call.run((client) => client.authority.rotate({ allow, clockIsRight }))) onDone()
  }
  const isIncomplete = kind === 'allow' && suffix.trim() === ''
  const submit = () => {
    if (!isIncomplete) void confirm()
  }
  return (
    <ConfirmDialog
      opened
      title={t(`${kind}.title`)}
      confirmLabel={t(`${kind}.confirm`)}
      call={call}
      tone={kind === 'allow' ? 'plain' : 'danger'}
      isIncomplete={isIncomplete}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      {kind === 'allow' ? (
        <SubmitForm onSubmit={submit}>
          <TextInput
            label={t('allow.label')}
            placeholder={t('allow.placeholder')}
            value={suffix}
            onChange={(event) => setSuffix(event.currentTarget.value)}
            spellCheck={false}
            autoComplete="off"
            data-autofocus
          />
        </SubmitForm>
      ) : null}
      {kind === 'allow' ? <p>{t('allow.text')}</p> : null}
      <p>{t(`${kind}.effect`)}</p>
      {heldBy.length > 0 ? <p>{t('rotate.held', { stores: heldBy.join(', ') })}</p> : null}
      {isClockDoubted || clockIsRight ? (
        <Checkbox
          label={t('rotate.clockIsRight')}
          checked={clockIsRight}
          onChange={(event) => setClockIsRight(event.currentTarget.checked)}
        />
      ) : null}
    </ConfirmDialog>
  )
}

/** Fingerprint of the root as a QR code, for comparison on another device. */
function CodeDialog({ fingerprint, onClose }: { fingerprint: string; onClose: () => void }) {
  const { t } = useTranslation(['trust', 'ui'])
  return (
    <Modal opened onClose={onClose} title={t('code.title')} size="md" centered>
      <Stack gap="md" align="center">
        <p className="flush">{t('code.text')}</p>
        <Code text={fingerprintCode(fingerprint)} label={t('code.picture')} />
        <code className={classes.fingerprint}>
          <HexPairs hex={fingerprint} />
        </code>
        <Group justify="flex-end" w="100%">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('ui:close')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
