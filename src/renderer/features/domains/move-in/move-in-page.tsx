import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { type FoundSetup, type LastImport, programTitles } from '../../../../contract/imports/imports.ts'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { ErrorPanel, LoadingRows, notifyDone } from '../../../ui/feedback/feedback.tsx'
import { ConfirmCall } from '../../../ui/forms/dialog.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { BackLink, PageLayout, Section } from '../../../ui/primitives/page-layout.tsx'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { undoImport } from '../actions.ts'
import { listPath } from '../paths.ts'
import { ChooseSetup } from './choose-setup.tsx'
import classes from './move-in.module.css'
import { PlanView } from './plan-view.tsx'
import { type MoveIn, undoLast, useMoveIn } from './use-move-in.ts'

/** Moving in from another program: what is found, a plan, and one change that can be undone. */
export function MoveInPage() {
  const { t } = useTranslation(['moveIn', 'app'])
  const moveIn = useMoveIn()
  const [, navigate] = useLocation()
  const apply = async () => {
    const effect = await moveIn.apply()
    if (effect) notifyDone(t('done'), { label: t('toDomains'), act: () => navigate(listPath) })
  }
  return (
    <PageLayout
      title={t('title')}
      description={t('description')}
      width="reading"
      back={<BackLink href={listPath}>{t('app:sections.domains')}</BackLink>}
    >
      {moveIn.planned ? (
        <PlanView planned={moveIn.planned} moveIn={moveIn} onApply={() => void apply()} />
      ) : (
        <Choices moveIn={moveIn} />
      )}
    </PageLayout>
  )
}

function Choices({ moveIn }: { moveIn: MoveIn }) {
  const { t } = useTranslation('moveIn')
  const { found, last, call, plan } = moveIn
  return (
    <>
      {call.error ? <ErrorPanel error={call.error} title={t('failed')} /> : null}
      {last ? <LastSection last={last} /> : null}
      <Section title={t('found.title')} description={t('found.text')}>
        {found === null ? <LoadingRows rows={2} height={40} /> : null}
        {found?.length === 0 ? <p className="dim flush">{t('found.none')}</p> : null}
        <ul className="plain-list">
          {found?.map((setup) => (
            <FoundRow
              key={setup.program}
              setup={setup}
              busy={call.busy}
              onReview={() => void plan({ program: setup.program, files: null })}
            />
          ))}
        </ul>
      </Section>
      <ChooseSetup busy={call.busy} onChosen={(chosen) => void plan(chosen)} />
    </>
  )
}

function FoundRow({ setup, busy, onReview }: { setup: FoundSetup; busy: boolean; onReview: () => void }) {
  const { t } = useTranslation('moveIn')
  const { program, path, domains, files, notes, problem } = setup
  const isEmpty = domains + files + notes === 0
  const counts = [
    ...(domains > 0 ? [t('found.domains', { count: domains })] : []),
    ...(files > 0 ? [t('found.files', { count: files })] : []),
    ...(notes > 0 ? [t('found.notes', { count: notes })] : []),
    ...(isEmpty ? [t('found.nothing')] : []),
  ]
  return (
    <li className={classes.found}>
      <div className="grow">
        <div className="strong">{programTitles[program]}</div>
        <div className="mono wrap">{path}</div>
        <div className={problem === null ? 'dim text-xs' : 'caution text-xs'}>
          {problem ?? counts.join(' · ')}
        </div>
      </div>
      {problem === null && !isEmpty ? (
        <ChangeButton size="xs" variant="default" disabled={busy} onClick={onReview}>
          {t('review')}
        </ChangeButton>
      ) : null}
    </li>
  )
}

function LastSection({ last }: { last: LastImport }) {
  const { t } = useTranslation('moveIn')
  const [isAsked, setAsked] = useState(false)
  const { source, at, domains, certificates } = last
  const counts = {
    domains: t('found.domains', { count: domains }),
    certificates: t('certificates', { count: certificates }),
  }
  return (
    <Section
      title={t('last.title')}
      description={
        <>
          {t('last.text', { source, ...counts })} <RelativeTime at={at} />
        </>
      }
      aside={<ActionButton action={undoImport} variant="default" size="xs" act={() => setAsked(true)} />}
    >
      {isAsked ? (
        <ConfirmCall
          title={t('last.undoTitle')}
          confirmLabel={t('last.undoDo')}
          act={undoLast}
          done={t('last.undone')}
          onClose={() => setAsked(false)}
        >
          <p className="flush">{t('last.undoText', counts)}</p>
        </ConfirmCall>
      ) : null}
    </Section>
  )
}
