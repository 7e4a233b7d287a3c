import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatPlace } from '../../../../contract/errors/place.ts'
import {
  type ImportPlan,
  type Note,
  type ProgramPlan,
  programTitles,
} from '../../../../contract/imports/imports.ts'
import { readableName } from '../../../../contract/text/readable-name.ts'
import { formatOrigin } from '../../../../domain/origin-text.ts'
import { ErrorPanel } from '../../../ui/feedback/feedback.tsx'
import { type Verdict, VerdictRow } from '../../../ui/feedback/verdict.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { Shortened } from '../../../ui/lists/shortened.tsx'
import type { MoveIn, Planned } from './use-move-in.ts'

/** Domains and certificates of a plan, and what behaves differently or is left, each with its place. */
export function PlanView({
  planned,
  moveIn,
  onApply,
}: {
  planned: Planned
  moveIn: MoveIn
  onApply: () => void
}) {
  const { t } = useTranslation(['moveIn', 'ui'])
  const { call, leave, plan: planAgain } = moveIn
  const { chosen, shown } = planned
  const { plan, path, anchors, notes } = shown
  const domains = plan.domains.filter(({ outcome }) => outcome === 'add').length
  const certificates = plan.certificates.filter(({ outcome }) => outcome === 'imported').length
  const isNothing = domains + certificates === 0
  const isOutdated = call.error?.code === 'configuration.outdated'
  const again = isOutdated ? { action: { label: t('plan.again'), run: () => void planAgain(chosen) } } : {}
  return (
    <>
      <Section title={t('plan.title', { program: programTitles[chosen.program] })} description={path}>
        {isNothing ? <p className="dim flush">{t('plan.nothing')}</p> : null}
        <Domains shown={shown} />
        <Certificates certificates={plan.certificates} />
        <Rows items={anchors}>
          {(anchor) => <VerdictRow verdict="unknown" label={anchor} reason={t('plan.anchor')} />}
        </Rows>
      </Section>
      <Notes kind="unread" notes={notes} />
      <Notes kind="left" notes={notes} />
      <Notes kind="differs" notes={notes} />
      {call.error ? <ErrorPanel error={call.error} {...again} /> : null}
      <div className="row at-end gap-8 below-12">
        <Button variant="default" onClick={leave}>
          {t('plan.back')}
        </Button>
        <ChangeButton loading={call.busy} disabled={isNothing} onClick={onApply}>
          {t('plan.apply', {
            domains: t('found.domains', { count: domains }),
            certificates: t('certificates', { count: certificates }),
          })}
        </ChangeButton>
      </div>
    </>
  )
}

const domainVerdicts = { add: 'yes', there: 'unknown', refused: 'no' } as const

function Domains({ shown: { plan, domains } }: { shown: ProgramPlan }) {
  const { t } = useTranslation('moveIn')
  const entries = new Map(Object.entries(domains))
  return (
    <Rows items={plan.domains}>
      {({ domain, outcome, https, cautions, problem }) => {
        const entry = entries.get(domain)
        const { mode = 'none', code = 301 } = entry?.redirect ?? {}
        const facts = [
          https ? t('plan.https') : t('plan.httpOnly'),
          ...(https && mode !== 'none' ? [t(`plan.redirect.${mode}`, { code })] : []),
          ...cautions,
        ]
        const reason = outcome === 'add' ? facts.join(' · ') : (problem?.message ?? t('plan.there'))
        const origin = entry ? ` → ${formatOrigin(entry.origin)}` : ''
        return (
          <VerdictRow
            verdict={cautions.length > 0 ? 'caution' : domainVerdicts[outcome]}
            label={<span className="wrap">{`${readableName(domain)}${origin}`}</span>}
            reason={reason}
          />
        )
      }}
    </Rows>
  )
}

function Certificates({ certificates }: { certificates: ImportPlan['certificates'] }) {
  const { t } = useTranslation('moveIn')
  const verdictOf = (outcome: string): Verdict =>
    outcome === 'imported' ? 'yes' : outcome === 'there' ? 'unknown' : 'no'
  const reasonOf = ({ outcome, place, problem }: ImportPlan['certificates'][number]) =>
    outcome === 'there' ? t('plan.certificateThere') : (problem?.message ?? formatPlace(place))
  return (
    <Rows items={certificates}>
      {(one) => (
        <VerdictRow
          verdict={verdictOf(one.outcome)}
          label={one.problem ? one.title : t('plan.certificate', { title: one.title })}
          reason={<span className="wrap">{reasonOf(one)}</span>}
        />
      )}
    </Rows>
  )
}

function Notes({ kind, notes }: { kind: Note['kind']; notes: readonly Note[] }) {
  const { t } = useTranslation('moveIn')
  const shown = notes.filter((note) => note.kind === kind)
  if (shown.length === 0) return null
  return (
    <Section title={t(`plan.${kind}`)} description={t(`plan.${kind}Text`)}>
      <Rows items={shown}>
        {({ file, line, what, why }) => (
          <VerdictRow verdict={kind === 'differs' ? 'unknown' : 'caution'} label={what} reason={why}>
            <div className="mono dim wrap">{line === undefined ? file : `${file}:${line}`}</div>
          </VerdictRow>
        )}
      </Rows>
    </Section>
  )
}

/** Rows of a list of which the first are shown, with the rest at one click. Their order never changes. */
function Rows<T>({ items, children }: { items: readonly T[]; children: (item: T) => ReactNode }) {
  return (
    <ul className="plain-list">
      <Shortened items={items}>{(item, index) => <li key={index}>{children(item)}</li>}</Shortened>
    </ul>
  )
}
