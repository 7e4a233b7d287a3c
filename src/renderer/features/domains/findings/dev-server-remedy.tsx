import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import type { FindingKind } from '../../../../contract/findings/findings.ts'
import { curingHost, devServerHint } from '../../../../domain/dev-servers.ts'
import { ErrorPanel, notifyDone, useCall } from '../../../ui/feedback/feedback.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { CopyIcon } from '../../../ui/primitives/copy-icon.tsx'
import classes from '../policies.module.css'

/** Remedies for a development server: its configuration, after `act`, where a Host header cures it too. */
export function DevServerRemedy(props: { kind: FindingKind; host: string; act?: ReactNode }) {
  const { kind, host, act } = props
  const { t } = useTranslation('policies')
  const hint = devServerHint(kind, host)
  if (!hint) return null
  return (
    <>
      {hint.isCuredByHost ? act : null}
      <div className={classes.lines}>
        {hint.lines}
        <span className={classes.copy}>
          <CopyIcon value={hint.lines} label={t('findings.line', { file: hint.file })} />
        </span>
      </div>
      <p className="flush below-4">{t('findings.source', { file: hint.file, source: hint.source })}</p>
    </>
  )
}

/** Sends `Host: localhost` to the domain's origin, or shows that this is set. */
export function LocalhostButton({ domain: { name, origin } }: { domain: Domain }) {
  const { t } = useTranslation('policies')
  const call = useCall()
  if (origin.protocol === 'folder') return null
  if (origin.hostHeader === curingHost)
    return <p className="flush below-4">{t('findings.hostSent', { host: curingHost })}</p>
  const send = async () => {
    const changed = { ...origin, hostHeader: curingHost }
    const done = await call.run((client) =>
      client.domains.setOrigin({ domain: name, origin: changed, read: origin }),
    )
    if (done) notifyDone(t('findings.hostSent', { host: curingHost }))
  }
  return (
    <div className={classes.remedy}>
      <ChangeButton variant="default" size="compact-sm" loading={call.busy} onClick={() => void send()}>
        {t('findings.sendHost', { host: curingHost })}
      </ChangeButton>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </div>
  )
}
