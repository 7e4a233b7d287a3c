import { Accordion } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Preflight } from '../../../../contract/inspect/preflight.ts'
import { CopyIcon } from '../../../ui/primitives/copy-icon.tsx'
import { ErrorPanel, LoadingRows } from '../../../ui/feedback/feedback.tsx'
import { VerdictIcon, type Verdict } from '../../../ui/feedback/verdict.tsx'
import type { Inspector } from '../inspector.ts'
import { usePreflight } from '../use-asked.ts'
import classes from '../verdicts.module.css'

const kinds = ['cdn', 'server', 'runtime', 'client'] as const
const verdicts: Record<Preflight['verdict'], Verdict> = { takes: 'yes', warns: 'caution', refuses: 'no' }

export function PreflightView({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const { result, busy, problem } = usePreflight(inspector)
  if (problem) return <ErrorPanel error={problem} />
  if (!result) return busy ? <LoadingRows rows={8} height={34} /> : null
  const count = (verdict: Preflight['verdict']) => result.filter((each) => each.verdict === verdict).length
  return (
    <>
      <p className={classes.sum} role="status">
        {t('preflight.sum', { takes: count('takes'), warns: count('warns'), refuses: count('refuses') })}
      </p>
      <div className={classes.matrix}>
        {kinds.map((kind) => (
          <Kind
            key={kind}
            title={t(`preflight.${kind}`)}
            all={result.filter(({ target }) => target.kind === kind)}
          />
        ))}
      </div>
    </>
  )
}

function Kind({ title, all }: { title: string; all: readonly Preflight[] }) {
  if (all.length === 0) return null
  return (
    <section aria-label={title}>
      <h4 className="caption">{title}</h4>
      <Accordion
        multiple
        chevronSize={14}
        order={5}
        classNames={{ control: classes.control, label: classes.label, item: classes.item }}
      >
        {all.map((each) =>
          each.reasons.length === 0 ? (
            <div key={each.target.id} className={classes.line}>
              <Verdict preflight={each} />
            </div>
          ) : (
            <Accordion.Item key={each.target.id} value={each.target.id}>
              <Accordion.Control>
                <Verdict preflight={each} />
              </Accordion.Control>
              <Accordion.Panel>
                <Reasons preflight={each} />
              </Accordion.Panel>
            </Accordion.Item>
          ),
        )}
      </Accordion>
    </section>
  )
}

function Verdict({ preflight }: { preflight: Preflight }) {
  const { verdict, target, sentence } = preflight
  return (
    <span className={classes.preflightVerdict}>
      <VerdictIcon verdict={verdicts[verdict]} />
      <span>
        <span className={classes.name}>{target.name}</span>
        <span className="dim text-xs pretty">{sentence}</span>
      </span>
    </span>
  )
}

function Reasons({ preflight }: { preflight: Preflight }) {
  const { t } = useTranslation('inspector')
  return (
    <ul className={classes.reasons}>
      {preflight.reasons.map(({ rule, verdict, message, fix, code, source }) => (
        <li key={rule}>
          <VerdictIcon verdict={verdicts[verdict]} size={15} />
          <div className="wrap grow">
            <div>{message}</div>
            <div className="medium">{fix}</div>
            {code === null ? null : (
              <div className="dim text-xs pretty">
                {t('preflight.code')} <code>{code}</code>
              </div>
            )}
            <div className="dim text-xs pretty">
              {t('preflight.source', { day: source.readOn })} <span className="wrap">{source.url}</span>
              {source.seenIn === null ? null : ` · ${t('preflight.seen', { program: source.seenIn })}`}
            </div>
          </div>
          <CopyIcon
            value={`${preflight.target.name}: ${message} ${fix} [${rule}] ${source.url}`}
            label={rule}
          />
        </li>
      ))}
    </ul>
  )
}
