import { createPrivateKey } from 'node:crypto'
import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import { SecretBytes, wipedTogether } from '../../domain/secret-bytes.ts'
import { scanPem } from '../../pki/asn1/pem.ts'
import { openSshRounds } from '../../pki/formats/openssh.ts'
import { limits } from '../../pki/limits.ts'
import type { Core } from '../core/core.ts'
import type { VaultKey } from './hosts/vault-agent.ts'

/** Key of the vault for the servers of a target; null: those of the person's agent. */
export function vaultKeyOf({ vault }: Pick<Core, 'vault'>, target: string): VaultKey | null {
  const publicKey = vault.targetKeys.publicKey(target)
  return publicKey ? { publicKey, withKey: (use) => vault.targetKeys.withKey(target, use) } : null
}

/** Line for `authorized_keys`. */
export function authorizedKey({ publicKey }: VaultKey): string {
  const type = publicKey.toString('latin1', 4, 4 + publicKey.readUInt32BE(0))
  return `${type} ${publicKey.toString('base64')} edgekeep`
}

export interface SshKey {
  /** In the format of SSH (RFC 4253, section 6.6). */
  publicKey: Buffer
  /** PKCS#8 in DER. */
  privateKey: SecretBytes
}

/** `ssh-keygen` makes 16 or 24; each takes some ten milliseconds of the engine. */
const mostRounds = 100
const usable = /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521))$/

/**
 * Opens a private key for SSH: OpenSSH's format, PEM or PuTTY's. The library makes strings of it, which cannot be wiped.
 * @throws EdgekeepError `key.encrypted`, `key.wrong_passphrase`, `key.unsupported_type`, `key.malformed`
 */
export async function readSshKey(
  file: Buffer,
  passphrase: string | undefined,
  place: Place,
): Promise<SshKey> {
  if (file.length > limits.keyBytes)
    throw new EdgekeepError('key.malformed', { place, reason: 'it is too large' })
  using text = textOf(file, place)
  const { default: ssh } = await import('ssh2')
  const key = ssh.utils.parseKey(text.bytes, passphrase)
  if (key instanceof Error) throw failureOf(key, { place, passphrase })
  if (!key.isPrivateKey())
    throw new EdgekeepError('key.malformed', {
      place,
      reason: 'it is a public key, and the private one is needed',
    })
  if (!usable.test(key.type)) throw unsupported(key.type, place)
  const privateKey = createPrivateKey(key.getPrivatePEM()).export({ format: 'der', type: 'pkcs8' })
  return { publicKey: key.getPublicSSH(), privateKey: new SecretBytes(privateKey) }
}

const openSsh = 'OPENSSH PRIVATE KEY'

/**
 * Text for the library, whose base64 may have anything between its letters: of OpenSSH's format it gets the bytes whose
 * rounds were counted, and no others.
 */
function textOf(file: Buffer, place: Place): SecretBytes {
  if (!file.includes(openSsh)) return new SecretBytes(Buffer.from(file))
  const { blocks } = scanPem(file, 'key')
  using _blocks = wipedTogether(blocks.map(({ bytes }) => bytes))
  const block = blocks.find(({ label }) => label === openSsh)
  const refused = (reason: string) => new EdgekeepError('key.malformed', { place, reason })
  if (!block) throw refused('it is no private key that SSH uses')
  if (openSshRounds(block.bytes) > mostRounds) throw refused(`its passphrase has over ${mostRounds} rounds`)
  const text = `-----BEGIN ${openSsh}-----\n${block.bytes.toString('base64')}\n-----END ${openSsh}-----\n`
  return new SecretBytes(Buffer.from(text))
}

function failureOf(
  cause: Error,
  { place, passphrase }: { place: Place; passphrase: string | undefined },
): EdgekeepError {
  if (passphrase === undefined && cause.message.includes('no passphrase given'))
    return new EdgekeepError('key.encrypted', { place })
  if (passphrase !== undefined) return new EdgekeepError('key.wrong_passphrase', { place })
  return new EdgekeepError('key.malformed', { place, reason: 'it is no private key that SSH uses' })
}

function unsupported(type: string, place: Place): EdgekeepError {
  const advice = 'Use an Ed25519, ECDSA or RSA key: ssh-keygen -t ed25519'
  return new EdgekeepError('key.unsupported_type', { place, type: `SSH ${type}`, advice })
}
