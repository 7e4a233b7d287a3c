/** What is read of files in one call, all of them together; more is refused before it is sent. */
export const inputLimitBytes = 16 * 1024 * 1024
/** How many files are taken at once, those in folders counted. */
export const inputLimitFiles = 1000
