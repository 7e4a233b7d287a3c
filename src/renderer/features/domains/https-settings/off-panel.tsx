import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains.ts'
import { useCertificates } from '../../../engine/engine-context.tsx'
import { fateOfCertificates } from '../certificate-fit.ts'
import { FateOfCertificates } from '../fate-of-certificates.tsx'
import classes from './dialog.module.css'

/** What turning HTTPS off loses, said before it happens. */
export function OffPanel({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const certificates = useCertificates((state) => state.items)
  if (domain.https.state === 'off') return null
  const fate = fateOfCertificates(domain, certificates)
  return (
    <section className={classes.offPanel} aria-label={t('settings.off.title')}>
      <IconTrash size={20} stroke={1.6} aria-hidden />
      <div>
        <h3 className={classes.offTitle}>{t('settings.off.title')}</h3>
        <FateOfCertificates {...fate} />
        {domain.redirect.mode === 'none' ? null : <p>{t('settings.off.redirect')}</p>}
        <p>
          {t(
            fate.erased.some(({ id }) => id === domain.https.certificate?.id)
              ? 'settings.off.again'
              : 'settings.off.againKept',
          )}
        </p>
      </div>
    </section>
  )
}
