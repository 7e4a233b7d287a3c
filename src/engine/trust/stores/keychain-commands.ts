import { thumbprintOf, type TrustedRoot, type WantedRoots } from './roots.ts'
import { quoted } from './shell.ts'

interface Keychain {
  security: string
  keychain: string
  isSystem: boolean
}

/** Arguments of macOS' `security` (security(1)), to show or to run in an administrator's `/bin/sh`. */
export function keychainCommands({ security, keychain, isSystem }: Keychain) {
  const adding = (file: string): string[] => [
    ...['add-trusted-cert', ...(isSystem ? ['-d'] : []), '-r', 'trustRoot', '-p', 'ssl', '-p', 'basic'],
    ...['-k', keychain, file],
  ]
  const removing = (file: string) => ['remove-trusted-cert', ...(isSystem ? ['-d'] : []), file]
  const deleting = (root: TrustedRoot) => [
    'delete-certificate',
    '-Z',
    thumbprintOf(root.pem).toUpperCase(),
    keychain,
  ]
  const line = (given: string[]) => [security, ...given].map(quoted).join(' ')

  function shown(action: 'install' | 'undo', { current, retired, ours }: WantedRoots): string {
    const trusted = action === 'install' ? [current, ...retired] : []
    const gone = ours.filter((root) => !trusted.includes(root))
    return isSystem ? script(gone, trusted) : lines(action === 'undo' ? gone : [], trusted)
  }

  /** Commands that Edgekeep runs itself. */
  function lines(gone: TrustedRoot[], kept: TrustedRoot[]): string {
    const file = (root: TrustedRoot) => `${root.fingerprint.slice(0, 16)}.pem`
    const out = gone.flatMap((root) => [line(removing(file(root))), line(deleting(root))])
    return [...out, ...kept.map((root) => line(adding(file(root))))].join('\n')
  }

  /** Commands for the administrator, with files in a new folder that only the administrator can write. */
  function script(gone: TrustedRoot[], kept: TrustedRoot[]): string {
    const inFolder = (root: TrustedRoot, given: (file: string) => string[]) => [
      `cat > "$folder/root.pem" <<'END_OF_CERTIFICATE'\n${root.pem.trimEnd()}\nEND_OF_CERTIFICATE`,
      line(given('FILE')).replace(/FILE$/, '"$folder/root.pem"'),
    ]
    const orNothing = (each: string) => (each.startsWith(security) ? `${each} || :` : each)
    return [
      'folder=$(mktemp -d)',
      `trap 'rm -rf "$folder"' EXIT`,
      ...gone.flatMap((root) => [...inFolder(root, removing), line(deleting(root))].map(orNothing)),
      ...kept.flatMap((root) => inFolder(root, adding)),
    ].join('\n')
  }

  return { adding, removing, deleting, shown }
}
