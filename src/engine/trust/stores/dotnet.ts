import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import type { Obstacle } from '../../../contract/trust/trust.ts'
import { toCertificateArchive } from '../../../pki/formats/pkcs12-write.ts'
import { subjectHash } from '../../../pki/x509/subject-hash.ts'
import { replaceFile } from '../../../platform/files/replace-file.ts'
import { bundleHas, thumbprintOf, type TrustedRoot, type WantedRoots } from './roots.ts'
import type { HostEnvironment } from '../../../platform/commands/host-environment.ts'
import { fileSentence, readingOf, type StoreReading, type TrustStore, readIfThere } from './store.ts'

/*
 * The two stores of `dotnet dev-certs https --trust` for a user on Linux: .NET's own (X509Store Root,
 * CurrentUser), with one archive per certificate, named by its SHA-1; and an OpenSSL folder of certificates
 * and links by the hash of their subject, for SSL_CERT_DIR. .NET refuses a folder that is another user's or
 * writable by others. The folder was tested with OpenSSL, .NET itself was not.
 */

export function dotnetRootStore({ home }: Pick<HostEnvironment, 'home'>): TrustStore {
  const folder = join(home, '.dotnet/corefx/cryptography/x509stores/root')
  const fileOf = (root: TrustedRoot) => join(folder, `${thumbprintOf(root.pem).toUpperCase()}.pfx`)

  async function read(wanted: WantedRoots): Promise<StoreReading> {
    const trusted = wanted.ours
      .filter((root) => existsSync(fileOf(root)))
      .map(({ fingerprint }) => fingerprint)
    return readingOf(wanted, { trusted, distrusted: [], others: [] })
  }

  return {
    id: 'dotnet:root',
    kind: 'dotnet',
    title: '.NET’s trusted roots of this user',
    location: folder,
    elevated: false,
    read,
    obstacle: async () => foreign(folder),
    change: (action) =>
      action === 'install'
        ? 'Adds the local authority to the roots that .NET trusts for you.'
        : 'Takes the local authority out of the roots that .NET trusts for you.',
    commands: () => '',
    async put({ current, retired, ours }) {
      const trusted = [current, ...retired]
      makeOwn(folder)
      for (const root of ours) if (!trusted.includes(root)) rmSync(fileOf(root), { force: true })
      for (const root of trusted)
        replaceFile(fileOf(root), Buffer.from(toCertificateArchive(derOf(root))), 0o600)
    },
    takeOut: async ({ ours }) => ours.forEach((root) => rmSync(fileOf(root), { force: true })),
    files: ({ ours }) => ours.map(fileOf),
  }
}

export const devCertsId = 'dotnet:openssl'

/** The folder of `dotnet dev-certs`, or the one in its variable. */
export function devCertsFolder({ home, env }: HostEnvironment): string {
  const named = env.DOTNET_DEV_CERTS_OPENSSL_CERTIFICATE_DIRECTORY ?? ''
  return isAbsolute(named) ? named : join(home, '.aspnet/dev-certs/trust')
}

export function isDevCertsFolderRead(hostEnvironment: HostEnvironment): boolean {
  return (hostEnvironment.env.SSL_CERT_DIR ?? '').split(':').includes(devCertsFolder(hostEnvironment))
}

export function devCertsStore(hostEnvironment: HostEnvironment): TrustStore {
  const folder = devCertsFolder(hostEnvironment)
  const nameOf = ({ fingerprint }: TrustedRoot) => `edgekeep-${fingerprint.slice(0, 16)}.pem`
  const fileOf = (root: TrustedRoot) => join(folder, nameOf(root))
  const linkOf = (root: TrustedRoot) => linkFor(folder, nameOf(root), subjectHash(derOf(root)))

  async function read(wanted: WantedRoots): Promise<StoreReading> {
    const isThere = (root: TrustedRoot) =>
      bundleHas(readIfThere(fileOf(root)), root) && existsSync(linkOf(root))
    const trusted = wanted.ours.filter(isThere).map(({ fingerprint }) => fingerprint)
    const reading = readingOf(wanted, { trusted, distrusted: [], others: [] })
    if (reading.state !== 'trusted' || isDevCertsFolderRead(hostEnvironment)) return reading
    return { ...reading, sentence: 'Programs with OpenSSL read it where SSL_CERT_DIR names it.' }
  }

  function remove(root: TrustedRoot): void {
    const link = linkOf(root)
    if (targetOf(link) === nameOf(root)) rmSync(link)
    rmSync(fileOf(root), { force: true })
  }

  return {
    id: devCertsId,
    kind: 'dotnet',
    title: 'the folder of "dotnet dev-certs" for OpenSSL',
    location: folder,
    elevated: false,
    read,
    obstacle: async () => foreign(folder),
    change: (action) =>
      action === 'install'
        ? `Adds the local authority to ${folder}, which OpenSSL reads where SSL_CERT_DIR names it.`
        : `Takes the local authority out of ${folder}.`,
    commands: () => '',
    async put({ current, retired, ours }) {
      const trusted = [current, ...retired]
      makeOwn(folder)
      for (const root of ours) if (!trusted.includes(root)) remove(root)
      for (const root of trusted) {
        replaceFile(fileOf(root), Buffer.from(root.pem), 0o644)
        const link = linkOf(root)
        if (targetOf(link) === undefined) symlinkSync(nameOf(root), link)
      }
    },
    takeOut: async ({ ours }) => ours.forEach(remove),
    files: ({ ours }) => ours.flatMap((root) => [fileOf(root), linkOf(root)]),
  }
}

const mostOfOneHash = 64

/** The link to `name`, or the first free one for its hash (openssl-rehash(1): HASH.0, HASH.1, …). */
function linkFor(folder: string, name: string, hash: string): string {
  const numbers = Array.from({ length: mostOfOneHash }, (_, number) => join(folder, `${hash}.${number}`))
  const ours = numbers.find((link) => targetOf(link) === name)
  const free = numbers.find((link) => lstatSync(link, { throwIfNoEntry: false }) === undefined)
  const found = ours ?? free
  if (found === undefined) throw new Error(`${folder} has too many certificates with the same subject.`)
  return found
}

/** Target of a link, `''` for another kind of file, undefined if there is none. */
function targetOf(path: string): string | undefined {
  const facts = lstatSync(path, { throwIfNoEntry: false })
  return facts?.isSymbolicLink() ? readlinkSync(path) : facts && ''
}

function makeOwn(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
}

/** Folders that .NET would refuse, or that others could have prepared to redirect a write. */
function foreign(folder: string): Obstacle | null {
  let there = folder
  while (!existsSync(there)) there = dirname(there)
  try {
    const { uid, mode } = statSync(there)
    const isOthers = process.getuid !== undefined && uid !== process.getuid()
    if (isOthers) return { sentence: `${there} belongs to somebody else.`, command: null }
    if ((mode & 0o022) !== 0 && there === folder)
      return {
        sentence: `${there} can be written by others, so that .NET does not trust what is in it.`,
        command: null,
      }
    if (there === folder) readdirSync(folder)
    return null
  } catch (error) {
    return { sentence: fileSentence(error, there), command: null }
  }
}

function derOf({ pem }: TrustedRoot): Buffer {
  return Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
}
