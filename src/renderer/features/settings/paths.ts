export const settingsPath = '/settings'
/** The settings with the backup dialog open. */
export const backupPath = '/settings/backup'
