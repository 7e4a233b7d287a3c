import {
  IconArrowsExchange,
  IconCalendar,
  IconCertificateOff,
  IconCalendarDown,
  IconRefresh,
  IconDownload,
  IconEye,
  IconFolders,
  IconNote,
  IconPencil,
  IconPlus,
  IconWorldSearch,
  IconTableExport,
  IconTrash,
} from '@tabler/icons-react'
import { actionsAbout } from '../../ui/actions/action.ts'
import { calendarPath, listPath, watchPath } from './paths.ts'

const changeOnPage = actionsAbout('app:sections.certificates', { page: listPath, changes: true })
const onPage = actionsAbout('app:sections.certificates', { page: listPath })
const calendar = actionsAbout('certificates:calendar.title', { page: calendarPath })
const watch = actionsAbout('watch:title', { page: watchPath, changes: true })
const changeInPage = actionsAbout('app:sections.certificates', { changes: true })
const authority = actionsAbout('trust:authority.title', { page: listPath })
const inPage = actionsAbout('app:sections.certificates')

/** CSV of the certificates that the filters show. */
export const saveCertificates = onPage('certificates.csv', 'certificates:csv.save', IconTableExport)
export const importCertificate = changeOnPage('certificates.import', 'certificates:import.open', IconPlus)
export const importFolder = changeOnPage('certificates.import-folder', 'certificates:many.open', IconFolders)
export const openCalendar = onPage('certificates.calendar', 'certificates:calendar.open', IconCalendar)
export const openWatch = onPage('certificates.watch', 'watch:open', IconEye)
export const watchServers = watch('watch.add', 'watch:add.open', IconPlus)
export const checkServers = watch('watch.check', 'watch:check.all', IconWorldSearch)
/** Calendar file (iCalendar) for other programs. */
export const saveCalendar = calendar(
  'certificates.save-calendar',
  'certificates:calendar.save',
  IconCalendarDown,
)
export const changeRenewal = changeInPage('certificate.renewal', 'certificates:renewal.change', IconRefresh)
export const saveAuthority = authority(
  'certificates.authority',
  'certificates:authority.download',
  IconDownload,
)
export const replaceCertificate = changeInPage(
  'certificate.replace',
  'certificates:replace.open',
  IconArrowsExchange,
)
/** Only for certificates from an ACME account in this vault. */
export const revokeCertificate = changeInPage(
  'certificate.revoke',
  'certificates:revoke.open',
  IconCertificateOff,
)
export const deleteCertificate = changeInPage('certificate.delete', 'certificates:delete.open', IconTrash)
/** Opens the menu of export formats. */
export const exportCertificate = inPage('certificate.export', 'certificates:export.open', IconDownload)
export const renameCertificate = changeInPage('certificate.rename', 'certificates:rename.open', IconPencil)
export const editNotes = changeInPage('certificate.notes', 'certificates:notes.edit', IconNote)
