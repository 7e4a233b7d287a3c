/** The line of an autostart entry by which one of ours is known. */
export const autostartMark = 'Comment=Serve domains over HTTPS on this computer'

/**
 * Where a Linux desktop finds the entry that starts Edgekeep at login (XDG Autostart Specification): in the person's
 * own folder.
 */
export function autostartPlace(environment: { XDG_CONFIG_HOME?: string | undefined }, home: string): string {
  return `${environment.XDG_CONFIG_HOME || `${home}/.config`}/autostart/edgekeep.desktop`
}
