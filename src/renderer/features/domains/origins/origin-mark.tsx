import { VisuallyHidden } from '@mantine/core'
import { IconAlertCircle, IconAlertTriangle, IconPointFilled } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { originHealth } from '../../../../domain/origin-health.ts'
import { useEngineAnswers } from '../../../connection/engine-context.tsx'
import { relativeTime } from '../../../ui/primitives/time.tsx'
import { useNow } from '../../../ui/primitives/window-clock.ts'
import classes from '../domain-list.module.css'

const signs = { up: IconPointFilled, partly: IconAlertTriangle, down: IconAlertCircle }

/** Health of the origin by its last answers, with the reason as tooltip; nothing before the first one. */
export function OriginMark({ domain, isBadge = false }: { domain: Domain; isBadge?: boolean }) {
  const { t, i18n } = useTranslation('domains')
  const answers = useEngineAnswers()
  const now = useNow()
  const health = originHealth(domain.originStates)
  if (health === 'unknown' || !answers || (isBadge && health === 'up')) return null
  const state = domain.originStates.find((each) => each.state !== 'up') ?? domain.originStates[0]
  if (!state) return null
  const since = t('origins.since', { when: relativeTime(state.since, now, i18n.language) })
  const Icon = signs[health]
  const label = t(`originMark.${health}`)
  return (
    <span
      className={isBadge ? classes.badge : classes.originMark}
      data-health={health}
      title={[label, state.reason, since].filter(Boolean).join('. ')}
    >
      <Icon size={health === 'up' ? 12 : 15} aria-hidden />
      {health === 'up' ? <VisuallyHidden>{label}</VisuallyHidden> : label}
    </span>
  )
}
