import { Radio, Checkbox, TextInput } from '@mantine/core'
import { IconCertificate, IconSparkles, IconUpload, IconPlayerPause, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { CertificateType, HttpsForm } from './decision.ts'
import classes from './dialog.module.css'
import { StagingPanel } from '../../../../ui/staging/staging-panel.tsx'
import type { StagingSession } from '../../../../ui/staging/staging-session.ts'
import type { CertificateSummary, Domain } from '../../../../../contract/domains/domains.ts'
import { ChangeButton } from '../../../../ui/primitives/change-controls.tsx'
import { FateOfCertificates, useCertificateFate } from '../certificate-retention.tsx'
import type { AskedServer } from '../../../../../contract/errors/asked-server.ts'
import type { AcmeOrderState } from '../../../../../contract/acme/acme.ts'
import { Note } from '../../../../ui/primitives/note.tsx'

const types = [
  { value: 'vault', icon: IconCertificate },
  { value: 'upload', icon: IconUpload },
  { value: 'free', icon: IconSparkles },
] as const

export function TypeChoice(props: { value: CertificateType; onChange: (type: CertificateType) => void }) {
  const { t } = useTranslation('domains')
  return (
    <Radio.Group
      label={t('settings.type')}
      value={props.value}
      onChange={(value) => props.onChange(types.find((type) => type.value === value)?.value ?? 'vault')}
    >
      <div className={classes.types}>
        {types.map(({ value, icon: Icon }) => (
          <Radio.Card key={value} value={value} className="choice" aria-label={t(`settings.types.${value}`)}>
            <Icon size={20} stroke={1.6} aria-hidden />
            <div className="grow">
              <div className="strong">{t(`settings.types.${value}`)}</div>
              <div className="dim wrap text-xs">{t(`settings.typeTexts.${value}`)}</div>
            </div>
            <Radio.Indicator aria-hidden />
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  )
}

export function UploadPanel(props: {
  form: HttpsForm
  onForm: (form: HttpsForm) => void
  session: StagingSession
}) {
  const { t } = useTranslation('domains')
  const { form, onForm } = props
  return (
    <div className="stack gap-18">
      <StagingPanel session={props.session} />
      <div className={classes.keeping}>
        <Checkbox
          label={t('settings.upload.keep')}
          description={t('settings.upload.keepText')}
          checked={form.keep}
          onChange={(event) => onForm({ ...form, keep: event.currentTarget.checked })}
        />
        <TextInput
          label={t('settings.upload.name')}
          placeholder={t('settings.upload.namePlaceholder')}
          maxLength={120}
          value={form.name}
          onChange={(event) => onForm({ ...form, name: event.currentTarget.value })}
        />
      </div>
    </div>
  )
}

/** Losses of turning HTTPS off, and pausing as the alternative without loss. */
export function OffPanel(props: {
  domain: Domain
  form: HttpsForm
  onForm: (form: HttpsForm) => void
  onPause: () => void
}) {
  const { domain, form, onForm, onPause } = props
  const { t } = useTranslation('domains')
  const fate = useCertificateFate(domain)
  if (domain.https.state === 'off') return null
  return (
    <Note tone="no" role="region" className={classes.offPanel} aria-label={t('settings.off.title')}>
      <IconTrash size={20} stroke={1.6} aria-hidden />
      <div className="grow">
        <h3 className="text-sm bold flush">{t('settings.off.title')}</h3>
        <FateOfCertificates {...fate} keep={form.keep} onKeep={(keep) => onForm({ ...form, keep })} />
        {domain.redirect.mode === 'none' ? null : <p>{t('settings.off.redirect')}</p>}
        <p>{t(`settings.off.${wayBack(domain, form.keep ? [] : fate.erased)}`)}</p>
      </div>
      {domain.https.state === 'on' ? (
        <ChangeButton
          variant="default"
          flex="none"
          leftSection={<IconPlayerPause size={15} />}
          onClick={onPause}
        >
          {t('settings.off.pause')}
        </ChangeButton>
      ) : null}
    </Note>
  )
}

function wayBack(domain: Domain, erased: readonly CertificateSummary[]): 'again' | 'againFree' | 'againKept' {
  const current = erased.find(({ id }) => id === domain.https.certificate?.id)
  if (!current) return 'againKept'
  return current.kind === 'free' ? 'againFree' : 'again'
}

export function OrderProgress({ at }: { at: AcmeOrderState }) {
  const { t } = useTranslation('domains')
  const name = at.name ?? ''
  const late = at.servers?.filter(({ state }) => state !== 'found')
  return (
    <div className={classes.orderState} role="status">
      {at.servers && late
        ? t('settings.order.propagated', {
            name,
            count: at.servers.length,
            found: at.servers.length - late.length,
          })
        : t(`settings.order.${at.state}`, { name })}
      {late && late.length > 0 ? <LateServers servers={late} /> : null}
    </div>
  )
}

function LateServers({ servers }: { servers: AskedServer[] }) {
  const { t } = useTranslation('domains')
  return (
    <ul className={classes.lateServers}>
      {servers.map((server) => (
        <li key={server.server}>
          {t(`settings.order.server.${server.says === '' ? 'none' : server.state}`, { ...server })}
        </li>
      ))}
    </ul>
  )
}
