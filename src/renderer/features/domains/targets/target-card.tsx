import { Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { programTitles } from '../../../../contract/imports/imports.ts'
import {
  kindsWithoutKeys,
  type Target,
  type TargetKind,
  type TargetServer,
} from '../../../../contract/targets/targets.ts'
import { visibleLines } from '../../../../contract/text/visible-text.ts'
import { ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import { VerdictRow } from '../../../ui/feedback/verdict.tsx'
import { Fact, FactList } from '../../../ui/lists/facts.tsx'
import { namesInShort } from '../../../ui/lists/names-in-short.ts'
import { ChangeButton, ChangeSwitch, EngineButton } from '../../../ui/primitives/change-controls.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { ServerReportRow } from './server-report.tsx'
import classes from './targets.module.css'
import { type Check, checkTarget, setRenewal, useCheck } from './use-targets.ts'

const kindTitles = { ...programTitles, kubernetes: 'Kubernetes' } satisfies Record<TargetKind, string>

/** One target: what it serves, the state of its servers, a check, and publications. */
export function TargetCard({ target, onPublished }: { target: Target; onPublished: () => void }) {
  const { t } = useTranslation('targets')
  const call = useCall()
  const lastCheck = useCheck(target)
  const [isPublishing, setPublishing] = useState(false)
  const { name, kind, config = '', servers, history } = target
  const check = () => call.run((client) => checkTarget(client, target))
  const close = () => {
    setPublishing(false)
    onPublished()
  }
  return (
    <Section
      title={name}
      description={<span className="wrap">{t('facts', { kind: kindTitles[kind], config })}</span>}
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
      {kindsWithoutKeys.has(kind) ? null : <Renewal target={target} onChanged={onPublished} />}
      <ul className="plain-list above-12" aria-label={t('servers')} aria-live="polite">
        {servers.map((server) => (
          <li key={server.address}>
            <ServerRow server={server} history={history} check={lastCheck} />
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

/** Choice whether a target renews by itself, with an attempt that was not complete. */
function Renewal({ target, onChanged }: { target: Target; onChanged: () => void }) {
  const { t } = useTranslation('targets')
  const call = useCall()
  const { lastAttempt, notBefore } = target.renewal ?? { lastAttempt: null, notBefore: null }
  const set = async (on: boolean) => {
    await call.run((client) => setRenewal(client, target, on))
    onChanged()
  }
  return (
    <div className="stack gap-8 above-12">
      <ChangeSwitch
        label={t('renewal.label')}
        description={t('renewal.text')}
        checked={target.renewal !== null}
        disabled={call.busy}
        onChange={(on) => void set(on)}
      />
      {call.error ? <ErrorPanel error={call.error} /> : null}
      {lastAttempt === null ? null : (
        <div className="no wrap">
          <RelativeTime
            at={lastAttempt.at}
            say={(when) => t('renewal.incomplete', { when, reason: visibleLines(lastAttempt.summary) })}
          />{' '}
          {notBefore === null ? null : (
            <RelativeTime at={notBefore} say={(when) => t('renewal.next', { when })} />
          )}
        </div>
      )}
    </div>
  )
}

function ServerRow(props: { server: TargetServer; history: Target['history']; check: Check | undefined }) {
  const { t } = useTranslation('targets')
  const { server, history, check } = props
  const last = history[0]?.servers.find((each) => each.server === server.address)
  const drift = check?.drifts.find((each) => each.server === server.address)?.drift
  const verdict = drift?.length ? 'no' : undefined
  const facts = (
    <>
      {check && drift ? <Drift at={check.at} drift={drift} /> : null}
      {server.hostKey === null ? null : (
        <div className="dim text-xs wrap">{t('hostKey', { key: server.hostKey })}</div>
      )}
    </>
  )
  if (last)
    return (
      <ServerReportRow report={last} verdict={verdict}>
        {facts}
      </ServerReportRow>
    )
  return (
    <VerdictRow
      verdict={verdict ?? 'unknown'}
      label={<span className="wrap">{`${server.address}: ${t('state.none')}`}</span>}
    >
      {facts}
    </VerdictRow>
  )
}

function Drift({ at, drift }: { at: string; drift: readonly string[] }) {
  const { t } = useTranslation('targets')
  if (drift.length === 0) return <RelativeTime at={at} say={(when) => t('check.same', { when })} />
  return drift.map((sentence) => (
    <div key={sentence} className="no wrap">
      <RelativeTime at={at} say={(when) => t('check.drift', { when, sentence: visibleLines(sentence) })} />
    </div>
  ))
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
            {servers.map((report) => (
              <ServerReportRow key={report.server} report={report} />
            ))}
          </li>
        ))}
      </ol>
    </details>
  )
}
