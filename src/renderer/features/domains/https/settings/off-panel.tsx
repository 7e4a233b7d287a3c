import { IconPlayerPause, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary, Domain } from '../../../../../contract/domains/domains.ts'
import { ChangeButton } from '../../../../ui/primitives/change-controls.tsx'
import { FateOfCertificates } from '../fate-of-certificates.tsx'
import { useCertificateFate } from '../use-certificate-fate.ts'
import type { HttpsForm } from './decision.ts'
import classes from './dialog.module.css'

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
    <section className={classes.offPanel} aria-label={t('settings.off.title')}>
      <IconTrash size={20} stroke={1.6} aria-hidden />
      <div className={classes.offText}>
        <h3 className={classes.offTitle}>{t('settings.off.title')}</h3>
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
    </section>
  )
}

function wayBack(domain: Domain, erased: readonly CertificateSummary[]): 'again' | 'againFree' | 'againKept' {
  const current = erased.find(({ id }) => id === domain.https.certificate?.id)
  if (!current) return 'againKept'
  return current.kind === 'free' ? 'againFree' : 'again'
}
