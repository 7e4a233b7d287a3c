import {
  IconDatabaseImport,
  IconEraser,
  IconFileText,
  IconFolderOpen,
  IconWorldSearch,
} from '@tabler/icons-react'
import type { Action } from '../../ui/actions/action.ts'

export const askServer: Action = {
  id: 'inspector.server',
  label: 'inspector:remote.open',
  about: 'app:sections.inspector',
  icon: IconWorldSearch,
  page: '/inspector',
}

export const addFiles: Action = {
  id: 'inspector.add',
  label: 'inspector:add',
  about: 'app:sections.inspector',
  icon: IconFolderOpen,
}

/** Opens the menu of report formats. */
export const saveReport: Action = {
  id: 'inspector.report',
  label: 'inspector:report.open',
  about: 'app:sections.inspector',
  icon: IconFileText,
}

export const clearInspector: Action = {
  id: 'inspector.clear',
  label: 'inspector:clear',
  about: 'app:sections.inspector',
  icon: IconEraser,
  isOfWindow: true,
}

export const addToVault: Action = {
  id: 'inspector.import',
  label: 'inspector:servable.import',
  about: 'app:sections.inspector',
  icon: IconDatabaseImport,
  changes: true,
}
