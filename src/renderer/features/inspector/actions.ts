import {
  IconDatabaseImport,
  IconEraser,
  IconFileText,
  IconFolderOpen,
  IconWorldSearch,
} from '@tabler/icons-react'
import { actionsAbout } from '../../ui/actions/action.ts'

const onPage = actionsAbout('app:sections.inspector', { page: '/inspector' })
const inPage = actionsAbout('app:sections.inspector')
const changeInPage = actionsAbout('app:sections.inspector', { changes: true })

export const askServer = onPage('inspector.server', 'inspector:remote.open', IconWorldSearch)
export const addFiles = inPage('inspector.add', 'inspector:add', IconFolderOpen)
/** Opens the menu of report formats. */
export const saveReport = inPage('inspector.report', 'inspector:report.open', IconFileText)
export const clearInspector = inPage('inspector.clear', 'inspector:clear', IconEraser, { isOfWindow: true })
export const addToVault = changeInPage('inspector.import', 'inspector:servable.import', IconDatabaseImport)
