import { isAbsolute } from 'node:path'
import { entryName } from './autostart-place.ts'

/** First line of a unit that Edgekeep wrote. */
export const serviceMark = '# Written by Edgekeep. "edgekeep service remove" removes it.'

/** Line of a unit whose installation turned lingering on, so that its removal turns it off. */
export const lingeringMark = '# Lingering was turned on with it.'

/** Path of a data folder's systemd unit of this user; that of the default folder has the plain name. */
export function servicePlace(
  environment: { XDG_CONFIG_HOME?: string; XDG_DATA_HOME?: string },
  home: string,
  dataFolder: string,
): string {
  const { XDG_CONFIG_HOME: config } = environment
  const folder = config && isAbsolute(config) ? config : `${home}/.config`
  return `${folder}/systemd/user/${entryName(environment, home, dataFolder)}.service`
}

export function isOwnService(text: string): boolean {
  return text.startsWith(`${serviceMark}\n`)
}

export function hasLingering(text: string): boolean {
  return text.includes(`${lingeringMark}\n`)
}
