import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { IntakeReport } from '../../../contract/inspect/certificate-facts.ts'
import { formatPlace } from '../../../contract/errors/place.ts'
import { ProblemList } from '../../ui/staging/report-notes.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/feedback/feedback.tsx'
import { CleanView } from './clean/clean-view.tsx'
import { AlsoFound, Headline } from './headline.tsx'
import type { Inspector } from './inspector.ts'
import classes from './inspector.module.css'
import { Judgements } from './judgements.tsx'
import { useDiagnosis } from './use-asked.ts'
import { useLocation } from 'wouter'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { useFilesToImport } from '../../ui/forms/file-handoff.ts'
import { addToVault } from './actions.ts'
import { useStore } from 'zustand'
import { PassphrasePrompt } from '../../ui/staging/passphrase-prompt.tsx'

export function Summary({ inspector, report }: { inspector: Inspector; report: IntakeReport }) {
  const { t } = useTranslation('inspector')
  const { result, busy, problem } = useDiagnosis(inspector)
  const hasCertificate = report.pieces.some(({ certificate }) => certificate)
  const unlock = <UnlockAll inspector={inspector} report={report} />
  return (
    <>
      <h2 className={classes.hidden}>{t('summary.title')}</h2>
      {result ? (
        <>
          <Headline diagnosis={result.diagnosis} unlock={unlock}>
            <Group gap={8} className={classes.act}>
              <AddToVault inspector={inspector} report={report} />
            </Group>
          </Headline>
          <AlsoFound
            // Unreadable parts are listed below, each with its reason.
            others={result.others.filter(({ situation }) => situation !== 'partly-unreadable')}
            unlock={unlock}
          />
        </>
      ) : null}
      {busy && !result ? <LoadingRows rows={1} height={76} /> : null}
      {problem && !hasCertificate ? <ErrorPanel error={problem} /> : null}
      <div className={classes.block}>
        <ProblemList problems={report.problems} />
      </div>
      {hasCertificate ? (
        <div className={classes.block}>
          <Judgements
            inspector={inspector}
            report={report}
            fingerprint={null}
            several={report.bundles.length > 1 && !report.servable}
            after={[
              {
                id: 'clean',
                label: t('clean.title'),
                content: <CleanView inspector={inspector} report={report} />,
              },
            ]}
          />
        </div>
      ) : null}
    </>
  )
}

function UnlockAll({ inspector, report }: { inspector: Inspector; report: IntakeReport }) {
  const locked = report.pieces.filter((piece) => piece.locked)
  const what = locked.map((piece) => formatPlace(piece.place)).join('; ')
  return (
    <div className={classes.act}>
      <Unlock inspector={inspector} what={what} />
    </div>
  )
}

/**
 * Passes the files to the import dialog, which checks the key match. Nothing is stored before its
 * confirmation; the window passes handles and reads no file.
 */
function AddToVault({ inspector, report }: { inspector: Inspector; report: IntakeReport }) {
  const { t } = useTranslation('inspector')
  const [, navigate] = useLocation()
  const give = useFilesToImport((state) => state.give)
  const pairs = report.bundles.filter(({ key }) => key !== null).length
  if (!report.servable && pairs < 2) return null
  const open = () => {
    give(inspector.files())
    navigate(report.servable ? '/certificates/import' : '/certificates/import-many')
  }
  return (
    <ActionButton
      action={addToVault}
      label={report.servable ? t('servable.import') : t('servable.importMany', { count: pairs })}
      act={open}
    />
  )
}

/** Passphrase prompt; the passphrase is tried on every locked piece. */
export function Unlock({ inspector, what }: { inspector: Inspector; what: string }) {
  const busy = useStore(inspector.store, (state) => state.busy === 'unlocking')
  const error = useStore(inspector.store, (state) => state.unlockProblem)
  return (
    <PassphrasePrompt
      what={what}
      busy={busy}
      {...(error === null ? {} : { error })}
      onUnlock={(passphrase) => void inspector.unlock(passphrase)}
      onCancel={() => inspector.cancelUnlock()}
    />
  )
}
