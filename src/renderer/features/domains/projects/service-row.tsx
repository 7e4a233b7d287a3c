import { Anchor } from '@mantine/core'
import { IconAlertCircle, IconCircleMinus, IconHelpCircle, IconPlayerPlay } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Run } from '../../../../contract/develop/runs.ts'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { originHealth } from '../../../../domain/origin-health.ts'
import { useEngineAnswers, useEngineStatus } from '../../../connection/engine-context.tsx'
import { CopyIcon } from '../../../ui/primitives/copy-icon.tsx'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { addressOf } from '../address.ts'
import { OriginText } from '../origins/origin-text.tsx'
import { domainPath } from '../paths.ts'
import classes from './projects.module.css'

type State = 'running' | 'answers' | 'silent' | 'unseen' | 'idle' | 'unknown'
const signs = {
  running: IconPlayerPlay,
  answers: IconPlayerPlay,
  silent: IconAlertCircle,
  unseen: IconHelpCircle,
  idle: IconCircleMinus,
  unknown: IconHelpCircle,
}

/** Service (`run`: null while it does not run), or without a name a domain that the project serves. */
export function ServiceRow(props: { name: string | null; run: Run | null; domain: Domain | undefined }) {
  const { t } = useTranslation(['projects', 'domains'])
  const { name, run, domain } = props
  const edge = useEngineStatus((state) => state.value?.edge)
  const answers = useEngineAnswers()
  const state = answers ? stateOf(name !== null, run, domain) : 'unknown'
  const Sign = signs[state]
  const address = domain ? addressOf(domain, edge) : null
  const since =
    state === 'running' ? run?.since : state === 'silent' ? domain?.originStates[0]?.since : undefined
  return (
    <li className={classes.row}>
      <div className={classes.name}>
        <span className="strong wrap">{name ?? domain?.displayName}</span>
        <span className={classes.state} data-state={state}>
          <Sign size={15} stroke={1.9} aria-hidden />
          {t(`state.${state}`)}
          {since === undefined ? null : <RelativeTime at={since} />}
        </span>
      </div>
      {domain && address !== null ? (
        <div className={classes.address}>
          <Anchor href={address} target="_blank" rel="noreferrer" className="wrap">
            {address}
          </Anchor>
          <CopyIcon value={address} label={t('address', { domain: domain.displayName })} />
        </div>
      ) : null}
      {domain ? (
        <div className={classes.origin}>
          <span className="row gap-6">
            <span className="dim text-xs">{t('domains:table.origin')}</span>
            <OriginText origin={domain.origin} />
          </span>
          <Anchor
            component={Link}
            href={domainPath(domain.name)}
            size="xs"
            aria-label={t('settingsOf', { domain: domain.displayName })}
          >
            {t('settings')}
          </Anchor>
        </div>
      ) : null}
    </li>
  )
}

/** A run is seen by its open call, an origin by its last answer. */
function stateOf(isService: boolean, run: Run | null, domain: Domain | undefined): State {
  if (isService && run === null) return 'idle'
  const health = originHealth(domain?.originStates ?? [])
  if (health === 'down') return 'silent'
  if (isService) return 'running'
  return health === 'unknown' ? 'unseen' : 'answers'
}
