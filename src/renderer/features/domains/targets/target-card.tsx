import { Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerDrift, Target, TargetServer } from '../../../../contract/targets/targets.ts'
import { visibleLines } from '../../../../contract/text/visible-text.ts'
import { ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import { VerdictRow } from '../../../ui/feedback/verdict.tsx'
import { Fact, FactList } from '../../../ui/lists/facts.tsx'
import { namesInShort } from '../../../ui/lists/names-in-short.ts'
import { ChangeButton, EngineButton } from '../../../ui/primitives/change-controls.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { failureOf, stateVerdicts } from './server-report.tsx'
import classes from './targets.module.css'
import { checkTarget } from './use-targets.ts'

/** One target: what it serves, the state of its servers, a check, and publications. */
export function TargetCard({ target, onPublished }: { target: Target; onPublished: () => void }) {
  const { t } = useTranslation('targets')
  const call = useCall()
  const [drifts, setDrifts] = useState<ServerDrift[]>([])
  const [isPublishing, setPublishing] = useState(false)
  const { name, kind, config = '', servers, history } = target
  const check = async () => setDrifts((await call.run((client) => checkTarget(client, target))) ?? [])
  const close = () => {
    setPublishing(false)
    setDrifts([])
    onPublished()
  }
  return (
    <Section
      title={name}
      description={<span className="wrap">{t('facts', { kind, config })}</span>}
      aside={
        <Group gap={6} wrap="nowrap" className="rigid">
          <EngineButton size="xs" variant="default" loading={call.busy} onClick={() => void check()}>
            {t('check.do')}
          </EngineButton>
          <ChangeButton size="xs" variant="default" onClick={() => setPublishing(true)}>
            {t('publish.open')}
          </ChangeButton>
        </Group>
      }
    >
      {call.error ? <ErrorPanel error={call.error} title={t('check.failed')} /> : null}
      <Facts target={target} />
      <ul className="plain-list" aria-label={t('servers')} aria-live="polite">
        {servers.map((server) => (
          <li key={server.address}>
            <ServerRow
              server={server}
              history={history}
              drift={drifts.find((each) => each.server === server.address)?.drift ?? null}
            />
          </li>
        ))}
      </ul>
      {history.length > 0 ? <History history={history} /> : null}
      {isPublishing ? <PublishDialog target={target} onClose={close} /> : null}
    </Section>
  )
}

function Facts({ target: { name, domains, servers, history } }: { target: Target }) {
  const { t } = useTranslation('targets')
  const [last] = history
  const [end] = servers.flatMap(({ certificates }) => certificates.map(({ notAfter }) => notAfter)).toSorted()
  return (
    <FactList>
      <Fact term={t('domains')}>{domains.length > 0 ? namesInShort(domains) : t('noDomains')}</Fact>
      {end === undefined ? null : (
        <Fact term={t('certificates')}>
          <RelativeTime at={end} say={(when) => t('end', { when })} />
        </Fact>
      )}
      <Fact term={t('lastAt')}>{last ? <RelativeTime at={last.at} /> : t('never')}</Fact>
      <Fact term={t('remove')} copy={`edgekeep target remove ${name}`} mono />
    </FactList>
  )
}

function ServerRow(props: { server: TargetServer; history: Target['history']; drift: string[] | null }) {
  const { t } = useTranslation('targets')
  const { server, history, drift } = props
  const last = history[0]?.servers.find((each) => each.server === server.address)
  const isDrifted = drift !== null && drift.length > 0
  const state = last ? t(`state.${last.state}`) : t('state.none')
  return (
    <VerdictRow
      verdict={isDrifted ? 'no' : last ? stateVerdicts[last.state] : 'unknown'}
      label={<span className="wrap">{`${server.address}: ${state}`}</span>}
      reason={<span className="wrap">{last ? failureOf(last) : null}</span>}
    >
      {drift?.map((sentence) => (
        <div key={sentence} className="no wrap">
          {t('check.drift', { sentence: visibleLines(sentence) })}
        </div>
      ))}
      {drift?.length === 0 ? <div>{t('check.same')}</div> : null}
      {server.hostKey === null ? null : (
        <div className="dim text-xs wrap">{t('hostKey', { key: server.hostKey })}</div>
      )}
    </VerdictRow>
  )
}

/** Publications, newest first. */
function History({ history }: Pick<Target, 'history'>) {
  const { t } = useTranslation('targets')
  return (
    <details className={classes.folded}>
      <summary className="text-xs">{t('history', { count: history.length })}</summary>
      <ol className="plain-list">
        {history.map(({ at, domains, servers }) => (
          <li key={at} className="text-xs wrap">
            <RelativeTime at={at} /> · {t('historyDomains', { count: domains.length })}
            {servers.map((report) => {
              const reason = failureOf(report)
              return (
                <div key={report.server} className={reason === null ? 'dim' : undefined}>
                  {report.server}: {t(`state.${report.state}`)}
                  {reason === null ? '' : `. ${reason}`}
                </div>
              )
            })}
          </li>
        ))}
      </ol>
    </details>
  )
}
