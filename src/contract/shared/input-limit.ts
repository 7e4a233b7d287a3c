/** Total size of the files of one call; larger calls are refused before they are sent. */
export const inputLimitBytes = 16 * 1024 * 1024
/** Number of files of one call, those in folders included. */
export const inputLimitFiles = 1000
