/** Sentences of which the window and the command line say the same. A value stands as `{{name}}`. */
export const sentences = {
  keysStay:
    'Keys never leave the vault. To serve a domain elsewhere, publish it: with a key that is made at the server, or with your files again.',
  nothingToUndo: 'There is nothing to undo.',
  noDomains: 'There are no domains yet.',
  firstDomain: 'Add your site and set up trusted HTTPS for it: edgekeep setup shop.test --origin 3000',
  noAcmeAccounts: 'No client has created an account yet.',
  noRehearsedClients: 'No client has asked for a certificate yet.',
  noTrustClients: 'No client that Edgekeep knows was found on this computer.',
  erasedWhenUnused: 'It is erased with its key when no domain uses it any more.',
  unexpected: 'Unexpected error. See the engine log.',
  vaultLocked: 'The vault is locked.',
  vaultUnlocked: 'The vault is unlocked.',
  writeKeyDown: 'Write it down and keep it away from this computer.',
  backupsOff: 'Automatic backups are off. Existing backups are kept.',
  olderBackup: 'This backup is in the older format: its passphrase alone opens it.',
  atNextStart: 'The change takes effect when Edgekeep starts again.',
  passwordOverHttp: 'Over HTTP, a password can be read in transit. Redirect HTTP to HTTPS.',
  authorityWidened:
    'A new root replaces the present one, whose key is erased. Until clients trust the new root, they refuse what it issues. Certificates issued before stay valid, and can still be revoked.',
  authorityReplaced:
    'A new root and intermediate replace the present ones, whose keys are erased. Until clients trust the new root, they refuse what it issues. Certificates issued before stay valid, but can no longer be revoked, and OCSP answers for them end.',
  computerLockedOut: 'This computer (127.0.0.0/8, ::1) is not in the list.',
} as const

/** Effects of an HSTS policy that surprise, by the kind of its note. */
export const hstsNoteSentences = {
  'other-ports': {
    title: 'It applies to every port',
    text: 'Other servers under this name, for example on port 3000, can no longer be reached over HTTP either.',
  },
  'sub-domains': {
    title: 'It applies to every subdomain',
    text: 'Including those that other programs serve.',
  },
  preload: {
    title: 'The preload list is for the public internet',
    text: 'It also requires that HTTP redirects to HTTPS on the same name. Getting on or off the list takes months.',
  },
  preloaded: {
    title: 'Browsers have .{{suffix}} on their preload list',
    text: 'They use only HTTPS under the whole suffix, so no setting here can bring HTTP back.',
  },
  loop: {
    title: 'This and the redirect to HTTP form a loop',
    text: 'HTTPS redirects to HTTP, and the browser goes straight back to HTTPS. Turn one of them off.',
  },
} as const
