import { IconAlertTriangle, IconSparkles, IconKeyOff, IconShieldHalf } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../../contract/domains.ts'
import { namesLost } from '../certificate-fit.ts'
import classes from './dialog.module.css'

/** What a free certificate is, before one is made. */
export function FreePanel({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const lost = namesLost(domain.https.certificate, { dnsNames: [domain.name], ipNames: [] })
  return (
    <ul className={classes.free}>
      <li>
        <IconSparkles size={19} stroke={1.6} aria-hidden />
        {t('settings.free.text', { domain: domain.displayName })}
      </li>
      <li>
        <IconShieldHalf size={19} stroke={1.6} aria-hidden />
        {t('settings.free.trust')}
      </li>
      <li>
        <IconKeyOff size={19} stroke={1.6} aria-hidden />
        {t('settings.free.only')}
      </li>
      {lost.length > 0 ? (
        <li className={classes.lost}>
          <IconAlertTriangle size={19} stroke={1.6} aria-hidden />
          <span>
            {t('settings.lost')} {lost.join(', ')}
          </span>
        </li>
      ) : null}
    </ul>
  )
}
