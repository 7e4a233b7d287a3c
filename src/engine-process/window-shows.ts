/** What the desktop app writes on its output when its window shows. */
export const windowShows = 'edgekeep: the window shows'
