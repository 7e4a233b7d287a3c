import {
  IconAlertCircle,
  IconHistory,
  IconLock,
  IconLockExclamation,
  IconLockOff,
  IconLockQuestion,
  IconPlayerPause,
  IconShieldCheck,
  IconShieldQuestion,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../contract/domains/domains.ts'
import { useEngineAnswers } from '../../connection/engine-context.tsx'
import classes from './domain-list.module.css'
import { useVerification } from './verification/check-store.ts'

const stateIcons = {
  on: IconLock,
  paused: IconPlayerPause,
  off: IconLockOff,
  down: IconLockExclamation,
  unknown: IconLockQuestion,
}

/**
 * HTTPS setting: on, paused or off, regardless of whether it works. `down` if the edge has no key for it,
 * `unknown` while the engine does not answer.
 */
export function StateBadge({ https }: { https: Pick<Domain['https'], 'state' | 'outage'> }) {
  const { t } = useTranslation('domains')
  const answers = useEngineAnswers()
  const known = https.outage === null ? https.state : 'down'
  const state = !answers && known === 'on' ? 'unknown' : known
  const Icon = stateIcons[state]
  return (
    <span className={classes.badge} data-state={state}>
      <Icon size={14} stroke={2} aria-hidden />
      {t(`state.${state}`)}
    </span>
  )
}

const marks = {
  works: { icon: IconShieldCheck, label: 'check.ok' },
  failed: { icon: IconAlertCircle, label: 'check.failed' },
  changed: { icon: IconHistory, label: 'check.changed' },
  down: { icon: IconLockExclamation, label: 'check.down' },
  never: { icon: IconShieldQuestion, label: 'check.never' },
  unknown: { icon: IconShieldQuestion, label: 'check.unknown' },
} as const

/** Result of the last verification; green only if HTTPS works now. */
export function VerificationMark({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const state = useVerification(domain)
  const { icon: Icon, label } = marks[state]
  return (
    <span className={classes.mark} data-verification={state}>
      <Icon size={17} stroke={1.8} aria-hidden />
      {t(label)}
    </span>
  )
}
