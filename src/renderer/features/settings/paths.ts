export const settingsPath = '/settings'
export const backupPath = '/settings/backup'
