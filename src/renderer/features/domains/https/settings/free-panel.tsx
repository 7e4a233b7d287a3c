import { TagsInput } from '@mantine/core'
import { IconAlertTriangle, IconSparkles, IconKeyOff, IconShieldHalf } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../../contract/domains.ts'
import { AllowDomain } from './allow-domain.tsx'
import { namesLost } from '../certificate-fit.ts'
import type { Wish } from './decision.ts'
import classes from './dialog.module.css'

/** What a free certificate is, before one is made. */
export function FreePanel(props: { domain: Domain; wish: Wish; onWish: (wish: Wish) => void }) {
  const { t } = useTranslation('domains')
  const { domain, wish, onWish } = props
  const dnsNames = [domain.name, ...wish.freeNames]
  const lost = namesLost(domain.https.certificate, { dnsNames, ipNames: [] })
  return (
    <>
      <TagsInput
        className={classes.freeNames}
        label={t('settings.free.names')}
        description={t('settings.free.namesText', { domain: domain.displayName })}
        placeholder={
          wish.freeNames.length === 0 ? `www.${domain.displayName.replace(/^\*\./, '')}` : undefined
        }
        splitChars={[',', ' ']}
        acceptValueOnBlur
        maxTags={50}
        value={wish.freeNames}
        onChange={(freeNames) => onWish({ ...wish, freeNames })}
      />
      <ul className={classes.free}>
        <AllowDomain domain={domain} />
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
    </>
  )
}
