import {
  IconAlertCircle,
  IconHistory,
  IconLock,
  IconLockExclamation,
  IconLockOff,
  IconLockQuestion,
  IconPlayerPause,
  IconBan,
  IconHelpCircle,
  IconRosetteDiscountCheck,
  IconShieldCheck,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../contract/domains/domains.ts'
import { useEngineAnswers } from '../../connection/engine-context.tsx'
import classes from './domain-list.module.css'
import { useVerification } from './verification/check-store.ts'
import { useGreenness } from './verification/tested-store.ts'
import { domainStanding, joinNames } from '../../../domain/green-browsers.ts'
import { RelativeTime } from '../../ui/primitives/time.tsx'

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
  green: { icon: IconShieldCheck, label: 'green.short' },
  refused: { icon: IconBan, label: 'green.refused' },
  'not-found': { icon: IconHelpCircle, label: 'green.notFound' },
  works: { icon: IconRosetteDiscountCheck, label: 'check.served' },
  failed: { icon: IconAlertCircle, label: 'check.failed' },
  changed: { icon: IconHistory, label: 'check.changed' },
  down: { icon: IconLockExclamation, label: 'check.down' },
  never: { icon: IconHelpCircle, label: 'check.never' },
  unknown: { icon: IconHelpCircle, label: 'check.unknown' },
} as const

/** Result of the last verification; green only if browsers accept the domain now. */
export function VerificationMark({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const verification = useVerification(domain)
  const green = useGreenness(domain)
  const state = domainStanding(verification, green)
  const { icon: Icon, label } = marks[state]
  return (
    <span
      className={classes.mark}
      data-verification={state}
      title={
        state === 'green' || state === 'refused' || state === 'not-found' ? joinNames(green.names) : undefined
      }
    >
      <Icon size={17} stroke={1.8} aria-hidden />
      {t(label)}
    </span>
  )
}

const greenSigns = {
  green: IconShieldCheck,
  refused: IconBan,
  'not-found': IconHelpCircle,
  unknown: IconHelpCircle,
}
const greenLabels = {
  green: 'green.inShort',
  refused: 'green.refusedBy',
  'not-found': 'green.notFoundBy',
  unknown: 'green.notTested',
} as const

/** Browsers that accept the domain, or refuse it, with the time of the test. */
export function GreenBadge({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const { state, names, at } = useGreenness(domain)
  if (domain.https.state !== 'on') return null
  const Icon = greenSigns[state]
  return (
    <span className={classes.badge} data-green={state}>
      <Icon size={14} stroke={2} aria-hidden />
      {t(greenLabels[state], { names: joinNames(names) })}
      {at === null || state === 'unknown' ? null : (
        <span className="light">
          <RelativeTime at={at} say={(when) => t('green.tested', { when })} />
        </span>
      )}
    </span>
  )
}
