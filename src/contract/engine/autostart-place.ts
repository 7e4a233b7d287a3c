import { createHash } from 'node:crypto'

/** Line that identifies an autostart entry as Edgekeep's. */
export const autostartMark = 'Comment=Serve domains over HTTPS on this computer'

interface Environment {
  XDG_CONFIG_HOME?: string
  XDG_DATA_HOME?: string
}

/**
 * Path of the person's autostart entry on Linux (XDG Autostart Specification). Each data folder has an entry
 * of its own; that of the default one has the plain name.
 */
export function autostartPlace(environment: Environment, home: string, dataFolder: string): string {
  const name = entryName(environment, home, dataFolder)
  return `${environment.XDG_CONFIG_HOME || `${home}/.config`}/autostart/${name}.desktop`
}

/** Name of a data folder's autostart entry or unit, without its ending. */
export function entryName(environment: Environment, home: string, dataFolder: string): string {
  const isDefault = dataFolder === `${environment.XDG_DATA_HOME || `${home}/.local/share`}/edgekeep`
  const digest = createHash('sha256').update(dataFolder).digest('hex').slice(0, 8)
  return isDefault ? 'edgekeep' : `edgekeep-${digest}`
}
