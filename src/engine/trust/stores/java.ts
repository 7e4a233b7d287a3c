import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { Obstacle } from '../../../contract/trust/trust.ts'
import { changeableByOthers } from './only-administrators.ts'
import { certificatesIn, fingerprintOf, nicknameOf, type TrustedRoot, type WantedRoots } from './roots.ts'
import { run, type Ran, type HostEnvironment } from '../../../platform/commands/host-environment.ts'
import { quoted, writing } from '../../../platform/commands/shell.ts'
import { fileSentence, readingOf, type StoreReading, type TrustStore } from './store.ts'

/** The default password of every JDK, so no secret; newer ones have none and ignore it. */
const password = ['-storepass', 'changeit']

export interface Jdk {
  home: string
  keytool: string
  /** Real path, as `cacerts` may be a link. */
  cacerts: string
}

export function javaStore({ folder }: HostEnvironment, { home, keytool, cacerts }: Jdk): TrustStore {
  const guarded = [keytool, cacerts, join(home, 'lib')].filter(existsSync)
  /** An administrator owns a file only if nobody else can change it. */
  const isOwn = () =>
    isWritable(cacerts) &&
    isWritable(dirname(cacerts)) &&
    (process.getuid?.() !== 0 || guarded.every((path) => changeableByOthers(path) === null))
  const tool = (words: string[], store = cacerts): Promise<Ran> =>
    run(keytool, ['-J-Xshare:auto', ...words, '-keystore', store, ...password], { env: plainEnvironment() })

  async function read(wanted: WantedRoots): Promise<StoreReading> {
    const listed = await tool(['-list', '-rfc'])
    if (listed.status !== 0) {
      const message = (listed.stdout + listed.stderr).split('\n').find((line) => line.includes('rror')) ?? ''
      const sentence = `${cacerts} cannot be read by keytool: ${message.trim().slice(0, 200) || 'it ended without a word'}`
      return { state: 'unreadable', sentence, present: [] }
    }
    const trusted = certificatesIn(listed.stdout).map(fingerprintOf)
    return readingOf(wanted, { trusted, distrusted: [], others: [] })
  }

  async function obstacle(): Promise<Obstacle | null> {
    try {
      const { uid } = statSync(cacerts)
      if (isOwn()) return null
      if (uid === process.getuid?.()) {
        accessSync(cacerts, constants.W_OK)
        accessSync(dirname(cacerts), constants.W_OK)
      }
      // keytool would run with the administrator's rights and write files beside `cacerts`.
      const open = guarded.map(changeableByOthers).find((path) => path !== null)
      if (open) return { sentence: notTheAdministrators(open), command: null }
    } catch (error) {
      return { sentence: fileSentence(error, cacerts), command: null }
    }
    return null
  }

  /** Changes a copy, which replaces the file only after keytool has succeeded on it. */
  async function onCopy(act: (copy: string) => Promise<void>): Promise<void> {
    const copy = join(dirname(cacerts), `.cacerts-${randomBytes(6).toString('hex')}`)
    try {
      const { mode } = statSync(cacerts)
      copyFileSync(cacerts, copy)
      await act(copy)
      chmodSync(copy, mode & 0o777)
      renameSync(copy, cacerts)
    } finally {
      rmSync(copy, { force: true })
    }
  }

  async function put({ current, retired, ours }: WantedRoots): Promise<void> {
    const trusted = [current, ...retired]
    await onCopy(async (copy) => {
      await removeAll(copy, ours)
      for (const root of trusted) {
        const file = join(folder, `${aliasOf(root)}.pem`)
        writeFileSync(file, root.pem)
        must(await tool(['-importcert', '-noprompt', '-alias', aliasOf(root), '-file', file], copy))
        rmSync(file)
      }
    })
  }

  const takeOut = ({ ours }: WantedRoots) => onCopy((copy) => removeAll(copy, ours))

  async function removeAll(copy: string, roots: TrustedRoot[]): Promise<void> {
    const listed = must(await tool(['-list'], copy)).stdout.toLowerCase()
    for (const root of roots)
      if (listed.includes(`${aliasOf(root)},`)) must(await tool(['-delete', '-alias', aliasOf(root)], copy))
  }

  return {
    id: `java:${home}`,
    kind: 'java',
    title: `the certificates of the JDK in ${home}`,
    location: cacerts,
    elevated: existsSync(cacerts) && !isOwn(),
    read,
    obstacle,
    change: (action) =>
      action === 'install'
        ? `Adds the local authority to ${cacerts} with its own keytool.`
        : `Takes the local authority out of ${cacerts}.`,
    commands: (action, wanted) => elevatedCommands({ keytool, cacerts }, action, wanted),
    put,
    takeOut,
    files: () => [cacerts],
  }
}

/** The copy is beside the file and writable only by the administrator, so that nobody can substitute it. */
function elevatedCommands(
  { keytool, cacerts }: Omit<Jdk, 'home'>,
  action: 'install' | 'undo',
  { current, retired, ours }: WantedRoots,
): string {
  const [file, before, sums] = ['', '.before-edgekeep', '.with-edgekeep'].map((end) => quoted(cacerts + end))
  const sum = process.platform === 'darwin' ? 'shasum -a 256' : 'sha256sum'
  const common = `-keystore ${file} ${password.join(' ')}`
  const out = ours.map(
    (root) => `${quoted(keytool)} -delete -alias ${aliasOf(root)} ${common} >/dev/null 2>&1 || true`,
  )
  if (action === 'undo')
    return [
      `if [ -f ${before} ] && ${sum} --status -c ${sums}; then cat ${before} > ${file}; else`,
      ...out,
      'fi',
      `rm -f ${before} ${sums}`,
    ].join('\n')
  const put = [current, ...retired].flatMap((root) => [
    writing(`${cacerts}.edgekeep`, root.pem),
    `${quoted(keytool)} -importcert -noprompt -alias ${aliasOf(root)} -file ${quoted(`${cacerts}.edgekeep`)} ${common}`,
    `rm -f ${quoted(`${cacerts}.edgekeep`)}`,
  ])
  return [`[ -f ${before} ] || cp -p ${file} ${before}`, ...out, ...put, `${sum} ${file} > ${sums}`].join(
    '\n',
  )
}

function aliasOf(root: TrustedRoot): string {
  return nicknameOf(root).toLowerCase().replace(' ', '-')
}

function notTheAdministrators(path: string): string {
  return `An administrator would have to run the keytool of this JDK, and others than the administrator can change ${path}. Import the authority with a keytool that you trust.`
}

function must(ran: Ran): Ran {
  if (ran.status === 0) return ran
  const message = (ran.stdout + ran.stderr).split('\n').find((line) => line.includes('rror')) ?? ''
  throw new Error(`keytool refused: ${message.trim().slice(0, 300) || 'it ended without a word'}`)
}

/** Predictable output: keytool is localized, and prints JAVA_TOOL_OPTIONS. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { JAVA_TOOL_OPTIONS: _, _JAVA_OPTIONS: __, ...env } = process.env
  return { ...env, LC_ALL: 'C' }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
