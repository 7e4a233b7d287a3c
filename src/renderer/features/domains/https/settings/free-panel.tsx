import { TagsInput } from '@mantine/core'
import { IconAlertTriangle, IconSparkles, IconKeyOff, IconShieldHalf } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../../contract/domains.ts'
import { readableName } from '../../../../../contract/text/readable-name.ts'
import { AllowDomain } from './allow-domain.tsx'
import { AuthorityChoice } from './authority-choice.tsx'
import { namesLost } from '../certificate-fit.ts'
import type { Wish } from './decision.ts'
import classes from './dialog.module.css'

export function FreePanel(props: { domain: Domain; wish: Wish; onWish: (wish: Wish) => void }) {
  const { t } = useTranslation('domains')
  const { domain, wish, onWish } = props
  const dnsNames = [domain.name, ...wish.freeNames]
  const lost = namesLost(domain.https.certificate, { dnsNames, ipNames: [] })
  return (
    <>
      <AuthorityChoice names={dnsNames} wish={wish} onWish={onWish} />
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
        {wish.account === null ? <AllowDomain domain={domain} /> : null}
        <li>
          <IconSparkles size={19} stroke={1.6} aria-hidden />
          {t(wish.account === null ? 'settings.free.text' : 'settings.free.acmeText', {
            domain: domain.displayName,
          })}
        </li>
        {wish.account === null ? (
          <li>
            <IconShieldHalf size={19} stroke={1.6} aria-hidden />
            {t('settings.free.trust')}
          </li>
        ) : null}
        <li>
          <IconKeyOff size={19} stroke={1.6} aria-hidden />
          {t('settings.free.only')}
        </li>
        {lost.length > 0 ? (
          <li className={classes.lost}>
            <IconAlertTriangle size={19} stroke={1.6} aria-hidden />
            <span>
              {t('settings.lost')} {lost.map(readableName).join(', ')}
            </span>
          </li>
        ) : null}
      </ul>
    </>
  )
}
