import { TagsInput } from '@mantine/core'
import { IconAlertTriangle, IconSparkles, IconKeyOff, IconShieldCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../../contract/domains/domains.ts'
import { readableName } from '../../../../../contract/text/readable-name.ts'
import { AuthorityChoice } from './authority-choice.tsx'
import { namesLost } from '../certificate-fit.ts'
import type { HttpsForm } from './decision.ts'
import classes from './dialog.module.css'
import { useEffect, useState } from 'react'
import { isUnder } from '../../../../../domain/authority-scope.ts'
import { issuingSuffixes } from '../../../../../domain/issuing-scope.ts'
import { useClient } from '../../../../connection/engine-context.tsx'
import { ChangeButton } from '../../../../ui/primitives/change-controls.tsx'
import { ConfirmDialog } from '../../../../ui/forms/dialog.tsx'
import { useCall } from '../../../../ui/feedback/feedback.tsx'

export function FreePanel(props: { domain: Domain; form: HttpsForm; onForm: (form: HttpsForm) => void }) {
  const { t } = useTranslation('domains')
  const { domain, form, onForm } = props
  const dnsNames = [domain.name, ...form.freeNames]
  const lost = namesLost(domain.https.certificate, { dnsNames, ipNames: [] })
  return (
    <>
      <AuthorityChoice names={dnsNames} form={form} onForm={onForm} />
      <TagsInput
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
            <IconShieldCheck size={19} stroke={1.6} aria-hidden />
            {t('check.localNote')}
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

/** Shown if the local authority's name constraints exclude the domain; offers to extend them. */
function AllowDomain({ domain }: { domain: Domain }) {
  const { t } = useTranslation(['domains', 'trust'])
  const client = useClient()
  const call = useCall()
  const { run } = call
  const [suffixes, setSuffixes] = useState<string[] | null>(null)
  const [replaces, setReplaces] = useState(false)
  const [asked, setAsked] = useState(false)
  useEffect(() => {
    void run(() => client.authority.get()).then((authority) => {
      setSuffixes([...issuingSuffixes(authority ?? null)])
      setReplaces(Boolean(authority))
    })
  }, [client, run])
  if (!suffixes || suffixes.some((suffix) => isUnder(domain.name, suffix))) return null
  const bare = domain.displayName.replace(/^\*\./, '')
  const allow = async () => {
    const name = domain.name.replace(/^\*\./, '')
    const authority = await run(() => client.authority.rotate({ allow: [name] }))
    if (!authority) return
    setSuffixes(authority.suffixes)
    setAsked(false)
  }
  return (
    <li className={classes.lost}>
      <IconAlertTriangle size={19} stroke={1.6} aria-hidden />
      <span>
        {t('settings.free.outside', { domain: domain.displayName, names: suffixes.join(', ') })}{' '}
        <ChangeButton size="compact-sm" variant="default" onClick={() => setAsked(true)}>
          {t('settings.free.allow', { domain: bare })}
        </ChangeButton>
      </span>
      <ConfirmDialog
        opened={asked}
        title={t('settings.free.allowTitle', { domain: bare })}
        confirmLabel={t('trust:allow.confirm')}
        call={call}
        tone="plain"
        onConfirm={() => void allow()}
        onClose={() => setAsked(false)}
      >
        <p>{t('trust:allow.text')}</p>
        {replaces ? <p>{t('trust:allow.effect')}</p> : null}
      </ConfirmDialog>
    </li>
  )
}
