export const vault = {
  title: 'The vault is locked',
  whatWorks: 'Everything can be read; nothing can be changed until it is unlocked.',
  passphrase: 'Passphrase of the vault',
  unlock: 'Unlock',
  unlocked: 'The vault is unlocked.',
  locked: 'The vault is locked.',
  noChange: 'The vault is locked. Unlock it to change this.',
}
