export const settingsPath = '/settings'
/** Settings page with the backup dialog open. */
export const backupPath = '/settings/backup'
