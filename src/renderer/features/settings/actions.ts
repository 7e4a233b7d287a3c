import {
  IconArrowBackUp,
  IconBell,
  IconCalendarOff,
  IconCalendarTime,
  IconDeviceFloppy,
  IconFileExport,
  IconFileImport,
  IconKey,
  IconRefresh,
  IconRestore,
} from '@tabler/icons-react'
import { actionsAbout } from '../../ui/actions/action.ts'

const page = '/settings'
const protection = actionsAbout('settings:protection.title', { page })
const backup = actionsAbout('settings:backup.title', { page })
const schedule = actionsAbout('settings:schedule.title', { page })
const scheduleRow = actionsAbout('settings:schedule.title')
const notices = actionsAbout('settings:notices.title', { page, changes: true })
const uninstall = actionsAbout('settings:uninstall.title', { page })
const configuration = actionsAbout('settings:configuration.title', { page })

export const changeProtection = protection('settings.protection', 'settings:protection.move', IconKey)
export const rotateKey = protection('settings.rotate', 'settings:protection.rotate', IconRefresh)
export const setUpRecoveryKey = backup('settings.recovery-key', 'settings:recovery.setUp', IconKey)
export const backUp = backup('settings.backup', 'settings:backup.make', IconDeviceFloppy)
export const restore = backup('settings.restore', 'settings:backup.restore', IconRestore)
export const setSchedule = schedule('settings.schedule', 'settings:schedule.set', IconCalendarTime)
export const endSchedule = scheduleRow('settings.schedule-off', 'settings:schedule.end', IconCalendarOff)
export const addNoticeChannel = notices('settings.notice', 'settings:notices.add', IconBell)
export const undoAll = uninstall('settings.uninstall', 'settings:uninstall.undo', IconArrowBackUp)
export const exportConfiguration = configuration(
  'settings.export',
  'settings:configuration.export',
  IconFileExport,
)
export const importConfiguration = configuration(
  'settings.import',
  'settings:configuration.import',
  IconFileImport,
)
