import { useTranslation } from 'react-i18next'
import type { BackupContent } from '../../../contract/custody/custody.ts'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { absoluteTime } from '../../ui/primitives/time.tsx'
import { VerdictRow } from '../../ui/feedback/verdict.tsx'
import { TrustWarning } from './trust-warning.tsx'
import classes from './settings.module.css'

/** Content of the backup beside that of the current vault, which is lost. */
export function RestoreContent({ content, status }: { content: BackupContent; status: EngineStatus }) {
  const { t, i18n } = useTranslation('settings')
  const domains = (count: number) => t('backup.domains', { count })
  const certificates = (count: number) => t('backup.certificates', { count })
  return (
    <>
      <div className={classes.pair}>
        <div>
          <h3 className={classes.partTitle}>{t('backup.holds')}</h3>
          <ul className={classes.list}>
            <li>{domains(content.domains)}</li>
            <li>{certificates(content.certificates)}</li>
            {content.madeAt ? (
              <li>{t('backup.madeAt', { when: absoluteTime(content.madeAt, i18n.language) })}</li>
            ) : null}
          </ul>
        </div>
        <div>
          <h3 className={classes.partTitle}>{t('backup.lost')}</h3>
          <ul className={classes.list}>
            <li>{domains(status.domains.total)}</li>
            <li>{certificates(status.certificates)}</li>
            <li>{t('backup.lostTrail')}</li>
          </ul>
        </div>
      </div>
      <span className={classes.dim}>{t('backup.lostText')}</span>
      {content.passphraseOnly ? (
        <VerdictRow verdict="caution" label={t('backup.older')} reason={t('backup.olderText')} />
      ) : null}
      <TrustWarning />
      {content.protector === 'passphrase' ? <span>{t('backup.newPassphraseText')}</span> : null}
    </>
  )
}
