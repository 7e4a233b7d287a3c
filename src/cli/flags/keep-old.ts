/** Of every command that swaps certificates. */
export const KEEP_OLD_HELP =
  'keep in the vault what the swap would erase: the certificate before the previous one'
