import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { IntakeReport } from '../../../contract/inspect/certificate-facts.ts'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { useFilesToImport } from '../../ui/forms/file-handoff.ts'
import { addToVault } from './actions.ts'
import type { Inspector } from './inspector.ts'

/**
 * Passes the files to the import dialog, which checks the key match. Nothing is stored before its
 * confirmation; the window passes handles and reads no file.
 */
export function AddToVault({ inspector, report }: { inspector: Inspector; report: IntakeReport }) {
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
