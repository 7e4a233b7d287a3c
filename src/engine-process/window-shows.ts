/** Line on the desktop app's output when its window shows. */
export const windowShows = 'edgekeep: the window shows'
