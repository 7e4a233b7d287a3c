import { useTranslation } from 'react-i18next'
import { devServerHint } from '../../../../domain/dev-servers.ts'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { findingRegistry, headerRemedy, type Finding } from '../../../../contract/findings/findings.ts'
import { CopyIcon } from '../../../ui/primitives/copy-icon.tsx'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { VerdictRow, type Verdict } from '../../../ui/feedback/verdict.tsx'
import { RemedyButton } from './remedy-button.tsx'
import classes from '../policies/policies.module.css'

/** Maximum shown per kind; the rest is counted. */
const mostShown = 8

/** Findings of one kind: meaning, remedy and locations. */
export function FindingGroup({ domain, findings }: { domain: Domain; findings: readonly Finding[] }) {
  const { t } = useTranslation('policies')
  const [first] = findings
  if (!first) return null
  const { title, advice } = findingRegistry[first.kind]
  const hint = devServerHint(first.kind, first.domain)
  const remedy = headerRemedy(first.kind)
  return (
    <VerdictRow verdict={verdictOf(first)} label={title} reason={advice}>
      {remedy ? <RemedyButton domain={domain} rule={remedy} /> : null}
      {hint ? (
        <>
          <div className={classes.lines}>
            {hint.lines}
            <span className={classes.copy}>
              <CopyIcon value={hint.lines} label={t('findings.line', { file: hint.file })} />
            </span>
          </div>
          <p className={classes.advice}>{t('findings.source', { file: hint.file, source: hint.source })}</p>
        </>
      ) : null}
      <ul className={classes.places}>
        {findings.slice(0, mostShown).map(({ path, example, count, lastSeen }) => (
          <li key={`${path} ${example}`}>
            <span className={classes.place}>{path}</span>
            {example ? <span className={classes.place}>{example}</span> : null}
            <span className={classes.seen}>
              {t('findings.times', { count })} <RelativeTime at={lastSeen} />
            </span>
          </li>
        ))}
      </ul>
      {findings.length > mostShown ? (
        <p className={classes.advice}>{t('findings.more', { count: findings.length - mostShown })}</p>
      ) : null}
    </VerdictRow>
  )
}

function verdictOf({ kind }: Finding): Verdict {
  if (kind === 'redirect.loop' || kind === 'mixed.blocked') return 'no'
  return kind === 'hsts.from-origin' || kind.startsWith('dev-server.') ? 'unknown' : 'caution'
}
