import { useEffect, useState } from 'react'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../../contract/domains/domains.ts'
import { isUnder, localSuffixes } from '../../../../../domain/authority-scope.ts'
import { useClient } from '../../../../connection/engine-context.tsx'
import { ChangeButton } from '../../../../ui/primitives/change-controls.tsx'
import { ConfirmDialog } from '../../../../ui/forms/dialog.tsx'
import { useCall } from '../../../../ui/feedback/feedback.tsx'
import classes from './dialog.module.css'

/** Shown if the local authority's name constraints exclude the domain; offers to extend them. */
export function AllowDomain({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const client = useClient()
  const call = useCall()
  const { run } = call
  const [suffixes, setSuffixes] = useState<string[] | null>(null)
  const [asked, setAsked] = useState(false)
  useEffect(() => {
    void run(() => client.authority.get()).then((authority) =>
      setSuffixes(authority ? authority.suffixes : [...localSuffixes]),
    )
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
        confirmLabel={t('settings.free.allowConfirm')}
        call={call}
        tone="plain"
        onConfirm={() => void allow()}
        onClose={() => setAsked(false)}
      >
        <p>{t('settings.free.allowText')}</p>
      </ConfirmDialog>
    </li>
  )
}
