import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  manifestName,
  signatureName,
  updateChannelSchema,
  type Manifest,
} from '../../src/main/updates/manifest.ts'
import { verifySignature } from '../../src/main/updates/signature.ts'
import { newUpdateKey, publicKeyOf, signContent } from './update-key.ts'
import { manifestOf, notesFor, renewedManifest } from './update-manifest.ts'

/*
 * Steps of a release for updates; docs/decisions/0019-updates.md says how it is used.
 *
 *   node scripts/release/updates.ts key FILE        makes a key: the private half into FILE, the public one is printed
 *   node scripts/release/updates.ts channel         before packaging: EDGEKEEP_UPDATE_FEED and
 *                                                   EDGEKEEP_UPDATE_PUBLIC_KEY into resources/updates.json
 *   node scripts/release/updates.ts sign FOLDER     after packaging: lists and signs the packages in FOLDER with
 *                                                   the private key in EDGEKEEP_UPDATE_KEY
 *   node scripts/release/updates.ts renew FOLDER    signs the list in FOLDER again, valid for as long as a new one
 */

const channel = 'resources/updates.json'

function makeKey(file: string): void {
  const { privateKey, publicKey } = newUpdateKey()
  writeFileSync(file, privateKey, { mode: 0o600, flag: 'wx' })
  console.log(publicKey)
}

function writeChannel({
  EDGEKEEP_UPDATE_FEED: feed,
  EDGEKEEP_UPDATE_PUBLIC_KEY: publicKey,
}: NodeJS.ProcessEnv) {
  if (!feed || !publicKey) {
    console.log('No address for updates is given: this build will not look for any.')
    return
  }
  writeFileSync(channel, `${JSON.stringify(updateChannelSchema.parse({ feed, publicKey }), null, 2)}\n`)
  console.log(`Updates are looked for at ${feed}`)
}

function signFolder(folder: string, environment: NodeJS.ProcessEnv): void {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const notes = notesFor(readFileSync('CHANGELOG.md', 'utf8'), version)
  writeSigned(folder, manifestOf(folder, { version, notes, at: new Date() }), environment)
}

/** Refuses a manifest that this key has not signed. */
function renewFolder(folder: string, environment: NodeJS.ProcessEnv): void {
  const content = readFileSync(join(folder, manifestName))
  const signature = readFileSync(join(folder, signatureName), 'utf8')
  verifySignature(content, signature, publicKeyInPackages() ?? publicKeyOf(secretIn(environment)))
  writeSigned(folder, renewedManifest(content, new Date()), environment)
}

function secretIn({ EDGEKEEP_UPDATE_KEY: secret }: NodeJS.ProcessEnv): string {
  if (!secret) throw new Error('EDGEKEEP_UPDATE_KEY holds no key: nothing is signed.')
  return secret
}

/** Verifies the signature like the app, with the public key in the packages. */
function writeSigned(folder: string, manifest: Manifest, environment: NodeJS.ProcessEnv): void {
  const secret = secretIn(environment)
  const { version, expiresAt } = manifest
  const content = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
  const comment = `timestamp:${Math.floor(Date.now() / 1000)} file:${manifestName} version:${version}`
  const signature = signContent(content, secret, comment)
  verifySignature(content, signature, publicKeyInPackages() ?? publicKeyOf(secret))
  writeFileSync(join(folder, manifestName), content)
  writeFileSync(join(folder, signatureName), signature)
  console.log(
    `Signed ${version}, valid until ${expiresAt}: ${manifest.packages.map(({ name }) => name).join(', ')}`,
  )
}

function publicKeyInPackages(): string | null {
  try {
    return updateChannelSchema.parse(JSON.parse(readFileSync(channel, 'utf8'))).publicKey
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

const [command, argument] = process.argv.slice(2)
if (command === 'key' && argument) makeKey(argument)
else if (command === 'channel') writeChannel(process.env)
else if (command === 'sign' && argument) signFolder(argument, process.env)
else if (command === 'renew' && argument) renewFolder(argument, process.env)
else throw new Error('Give "key FILE", "channel", "sign FOLDER" or "renew FOLDER".')
