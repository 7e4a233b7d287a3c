import { TagsInput } from '@mantine/core'
import { IconAlertTriangle, IconSparkles, IconKeyOff, IconShieldHalf } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../../contract/domains/domains.ts'
import { readableName } from '../../../../../contract/text/readable-name.ts'
import { AllowDomain } from './allow-domain.tsx'
import { AuthorityChoice } from './authority-choice.tsx'
import { namesLost } from '../certificate-fit.ts'
import type { HttpsForm } from './decision.ts'
import classes from './dialog.module.css'

export function FreePanel(props: { domain: Domain; form: HttpsForm; onForm: (form: HttpsForm) => void }) {
  const { t } = useTranslation('domains')
  const { domain, form, onForm } = props
  const dnsNames = [domain.name, ...form.freeNames]
  const lost = namesLost(domain.https.certificate, { dnsNames, ipNames: [] })
  return (
    <>
      <AuthorityChoice names={dnsNames} form={form} onForm={onForm} />
      <TagsInput
        className={classes.freeNames}
        label={t('settings.free.names')}
        description={t('settings.free.namesText', { domain: domain.displayName })}
        placeholder={
          form.freeNames.length === 0 ? `www.${domain.displayName.replace(/^\*\./, '')}` : undefined
        }
        splitChars={[',', ' ']}
        acceptValueOnBlur
        maxTags={50}
        value={form.freeNames}
        onChange={(freeNames) => onForm({ ...form, freeNames })}
      />
      <ul className={classes.free}>
        {form.account === null ? <AllowDomain domain={domain} /> : null}
        <li>
          <IconSparkles size={19} stroke={1.6} aria-hidden />
          {t(form.account === null ? 'settings.free.text' : 'settings.free.acmeText', {
            domain: domain.displayName,
          })}
        </li>
        {form.account === null ? (
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
