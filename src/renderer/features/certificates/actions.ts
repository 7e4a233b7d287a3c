import {
  IconArrowsExchange,
  IconCalendar,
  IconCertificateOff,
  IconCalendarDown,
  IconRefresh,
  IconDownload,
  IconFolders,
  IconNote,
  IconPencil,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react'
import type { Action } from '../../ui/actions/action.ts'
import { calendarPath, listPath } from './paths.ts'

export const importCertificate: Action = {
  id: 'certificates.import',
  label: 'certificates:import.open',
  about: 'app:sections.certificates',
  icon: IconPlus,
  page: listPath,
  changes: true,
}

export const importFolder: Action = {
  id: 'certificates.import-folder',
  label: 'certificates:many.open',
  about: 'app:sections.certificates',
  icon: IconFolders,
  page: listPath,
  changes: true,
}

export const openCalendar: Action = {
  id: 'certificates.calendar',
  label: 'certificates:calendar.open',
  about: 'app:sections.certificates',
  icon: IconCalendar,
  page: listPath,
}

/** Calendar file (iCalendar) for other programs. */
export const saveCalendar: Action = {
  id: 'certificates.save-calendar',
  label: 'certificates:calendar.save',
  about: 'certificates:calendar.title',
  icon: IconCalendarDown,
  page: calendarPath,
}

export const changeRenewal: Action = {
  id: 'certificate.renewal',
  label: 'certificates:renewal.change',
  about: 'app:sections.certificates',
  icon: IconRefresh,
  changes: true,
}

export const saveAuthority: Action = {
  id: 'certificates.authority',
  label: 'certificates:authority.download',
  about: 'certificates:authority.title',
  icon: IconDownload,
  page: listPath,
}

export const replaceCertificate: Action = {
  id: 'certificate.replace',
  label: 'certificates:replace.open',
  about: 'app:sections.certificates',
  icon: IconArrowsExchange,
  changes: true,
}

/** Only for certificates from an ACME account in this vault. */
export const revokeCertificate: Action = {
  id: 'certificate.revoke',
  label: 'certificates:revoke.open',
  about: 'app:sections.certificates',
  icon: IconCertificateOff,
  changes: true,
}

export const deleteCertificate: Action = {
  id: 'certificate.delete',
  label: 'certificates:delete.open',
  about: 'app:sections.certificates',
  icon: IconTrash,
  changes: true,
}

/** Opens the menu of export formats. */
export const exportCertificate: Action = {
  id: 'certificate.export',
  label: 'certificates:export.open',
  about: 'app:sections.certificates',
  icon: IconDownload,
}

export const renameCertificate: Action = {
  id: 'certificate.rename',
  label: 'certificates:rename.open',
  about: 'app:sections.certificates',
  icon: IconPencil,
  changes: true,
}

export const editNotes: Action = {
  id: 'certificate.notes',
  label: 'certificates:notes.edit',
  about: 'app:sections.certificates',
  icon: IconNote,
  changes: true,
}
