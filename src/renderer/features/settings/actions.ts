import {
  IconArrowBackUp,
  IconCalendarOff,
  IconCalendarTime,
  IconDeviceFloppy,
  IconFileExport,
  IconFileImport,
  IconKey,
  IconRefresh,
  IconRestore,
  IconShieldLock,
} from '@tabler/icons-react'
import type { Action } from '../../ui/actions/action.ts'
import { settingsPath } from './paths.ts'

export const changeProtection: Action = {
  id: 'settings.protection',
  label: 'settings:protection.move',
  about: 'settings:protection.title',
  icon: IconShieldLock,
  page: settingsPath,
}

export const rotateKey: Action = {
  id: 'settings.rotate',
  label: 'settings:protection.rotate',
  about: 'settings:protection.title',
  icon: IconRefresh,
  page: settingsPath,
}

export const setUpRecoveryKey: Action = {
  id: 'settings.recovery-key',
  label: 'settings:recovery.setUp',
  about: 'settings:backup.title',
  icon: IconKey,
  page: settingsPath,
}

export const backUp: Action = {
  id: 'settings.backup',
  label: 'settings:backup.make',
  about: 'settings:backup.title',
  icon: IconDeviceFloppy,
  page: settingsPath,
}

export const restore: Action = {
  id: 'settings.restore',
  label: 'settings:backup.restore',
  about: 'settings:backup.title',
  icon: IconRestore,
  page: settingsPath,
}

export const setSchedule: Action = {
  id: 'settings.schedule',
  label: 'settings:schedule.set',
  about: 'settings:schedule.title',
  icon: IconCalendarTime,
  page: settingsPath,
}

export const endSchedule: Action = {
  id: 'settings.schedule-off',
  label: 'settings:schedule.end',
  about: 'settings:schedule.title',
  icon: IconCalendarOff,
}

export const undoAll: Action = {
  id: 'settings.uninstall',
  label: 'settings:uninstall.undo',
  about: 'settings:uninstall.title',
  icon: IconArrowBackUp,
  page: settingsPath,
}

export const exportConfiguration: Action = {
  id: 'settings.export',
  label: 'settings:configuration.export',
  about: 'settings:configuration.title',
  icon: IconFileExport,
  page: settingsPath,
}

export const importConfiguration: Action = {
  id: 'settings.import',
  label: 'settings:configuration.import',
  about: 'settings:configuration.title',
  icon: IconFileImport,
  page: settingsPath,
}
