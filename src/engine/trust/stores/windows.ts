import { createHash } from 'node:crypto'
import { thumbprintOf, type TrustedRoot, type WantedRoots } from './roots.ts'
import type { Ran } from '../../../platform/commands/host-environment.ts'
import type { WindowsHost } from './windows-host.ts'
import { guardedScript, literal } from '../../../platform/commands/powershell.ts'
import { readingOf, type StoreReading, type TrustStore } from './store.ts'

/*
 * Windows' trusted roots: of this user, who also gets the computer's, and of the computer. Windows itself
 * asks before it adds or removes a user's root, in a dialog with name and thumbprint; the computer's need an
 * administrator. Both use Windows' own PowerShell and .NET's X509Store, without a file that another program
 * could exchange. Not tested on Windows: outputs are as recorded.
 */

export type WindowsDomain = 'user' | 'machine'

const x509 = 'System.Security.Cryptography.X509Certificates'

const described = {
  user: {
    title: 'Windows’ certificates of this user',
    location: 'Cert:\\CurrentUser\\Root',
    place: 'CurrentUser',
    install:
      'Adds the local authority to the trusted roots of your Windows account. Windows shows its name and thumbprint, and asks.',
    undo: 'Takes the local authority out of the trusted roots of your Windows account. Windows asks once for each root.',
  },
  machine: {
    title: 'Windows’ certificates of the computer',
    location: 'Cert:\\LocalMachine\\Root',
    place: 'LocalMachine',
    install:
      'Adds the local authority to the trusted roots of this computer, for all its users and services.',
    undo: 'Takes the local authority out of the trusted roots of this computer.',
  },
} as const

export function windowsStore(side: WindowsHost, domain: WindowsDomain): TrustStore {
  const { title, location, place, ...changes } = described[domain]
  const isMachine = domain === 'machine'

  async function read(wanted: WantedRoots): Promise<StoreReading> {
    const hindrance = side.obstacle()
    if (hindrance) return { state: 'unreadable', sentence: hindrance.sentence, present: [] }
    const listed = await side.run(listing(place))
    if (listed.status !== 0)
      return {
        state: 'unreadable',
        sentence: `Windows’ certificates cannot be read. ${errorMessage(listed)}`,
        present: [],
      }
    const entries = entriesIn(listed.stdout)
    const isOurs = ({ fingerprint }: Entry) => wanted.ours.some((root) => root.fingerprint === fingerprint)
    const chosen = (fits: (entry: Entry) => boolean) =>
      entries.filter(fits).map(({ fingerprint }) => fingerprint)
    const reading = readingOf(wanted, {
      trusted: chosen((each) => each.store === 'Root' && isOurs(each)),
      distrusted: chosen((each) => each.store === 'Disallowed' && isOurs(each)),
      others: chosen((each) => each.store === 'Root' && !isOurs(each)),
    })
    // Roots of the computer also serve this user, who cannot remove them.
    const own = chosen((each) => each.store === 'Root' && each.isOwn)
    return { ...reading, present: reading.present.filter((each) => own.includes(each)) }
  }

  async function change(action: 'install' | 'undo', wanted: WantedRoots): Promise<void> {
    const ran = await side.run(guardedScript([storeScript(place, action, wanted)]))
    if (ran.status !== 0) throw new Error(errorMessage(ran))
  }

  return {
    id: `windows:${domain}`,
    kind: 'windows',
    title: side.isBeside ? `${title}, beside this WSL` : title,
    location,
    elevated: isMachine,
    isWide: isMachine,
    read,
    async obstacle() {
      return isMachine && side.isBeside
        ? {
            sentence:
              'Only an administrator of Windows can change these. Run Edgekeep’s command for it in Windows.',
            command: null,
          }
        : side.obstacle()
    },
    change: (action) => changes[action],
    commands: (action, wanted) => storeScript(place, action, wanted),
    put: (wanted) => change('install', wanted),
    takeOut: (wanted) => change('undo', wanted),
    files: () => [],
  }
}

/**
 * Each root of Edgekeep, trusted or forbidden: `Root 1 <DER in Base64>`. The user's store includes the
 * computer's roots, and only the registry tells them apart.
 */
function listing(place: 'CurrentUser' | 'LocalMachine'): string {
  const own = place === 'CurrentUser' ? `[int](${isOfUser('$name', '$_')})` : '1'
  return guardedScript([
    `foreach ($name in 'Root', 'Disallowed') {`,
    `  Get-ChildItem ('Cert:\\${place}\\' + $name) | Where-Object { $_.Subject -like '*Edgekeep*' } | ForEach-Object {`,
    `    '{0} {1} {2}' -f $name, (${own}), [Convert]::ToBase64String($_.RawData)`,
    '  }',
    '}',
  ])
}

function isOfUser(store: string, certificate: string): string {
  return `Test-Path ('HKCU:\\Software\\Microsoft\\SystemCertificates\\' + ${store} + '\\Certificates\\' + ${certificate}.Thumbprint)`
}

interface Entry {
  store: 'Root' | 'Disallowed'
  isOwn: boolean
  fingerprint: string
}

function entriesIn(listed: string): Entry[] {
  return listed.split(/\r?\n/).flatMap((line): Entry[] => {
    const [, store, own, base64 = ''] = /^(Root|Disallowed) ([01]) ([A-Za-z0-9+/=]+)$/.exec(line.trim()) ?? []
    if (store === undefined) return []
    const fingerprint = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex')
    return [{ store: store as Entry['store'], isOwn: own === '1', fingerprint }]
  })
}

/** Adds and removes roots only if needed, since Windows asks for each. */
function storeScript(
  place: 'CurrentUser' | 'LocalMachine',
  action: 'install' | 'undo',
  { current, retired, ours }: WantedRoots,
): string {
  const trusted = action === 'install' ? [current, ...retired] : []
  const gone = ours.filter((root) => !trusted.includes(root))
  const found = (root: TrustedRoot) =>
    `$store.Certificates.Find('FindByThumbprint', ${literal(thumbprintOf(root.pem).toUpperCase())}, $false)`
  const isOwn = place === 'CurrentUser' ? `if (${isOfUser(`'Root'`, '$old')}) ` : ''
  return [
    `$store = New-Object ${x509}.X509Store('Root', '${place}')`,
    `$store.Open('ReadWrite')`,
    'try {',
    ...gone.map(
      (root) =>
        `  foreach ($old in @(${found(root)})) { ${isOwn ? `${isOwn}{ $store.Remove($old) }` : '$store.Remove($old)'} }`,
    ),
    ...trusted.map(
      (root) =>
        `  if (-not @(${found(root)}).Count) { $store.Add((New-Object ${x509}.X509Certificate2(,[Convert]::FromBase64String(${literal(derOf(root))})))) }`,
    ),
    '} finally { $store.Close() }',
  ].join('\n')
}

function derOf({ pem }: TrustedRoot): string {
  return pem.replaceAll(/-----[^-]+-----|\s/g, '')
}

/** ERROR_CANCELLED (1223) as a HRESULT: the user declined the dialog. */
const errorCancelled = '0x800704C7'

function errorMessage({ stderr, status }: Ran): string {
  if (status === null) return 'Windows asked, and nobody answered in time.'
  if (stderr.includes(errorCancelled)) return 'Windows asked, and was told no.'
  const lastLine = stderr.trim().split('\n').at(-1)?.trim().slice(0, 200)
  return `PowerShell said: ${lastLine || 'nothing'}`
}
