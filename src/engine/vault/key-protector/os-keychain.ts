import { randomBytes } from 'node:crypto'
import type { AsyncEntry } from '@napi-rs/keyring'
import { SecretBytes } from '../../../domain/secret-bytes.ts'
import { ProtectorFailure, wrappingKeyBytes, type KeyProtector } from './key-protector.ts'

const service = 'Edgekeep vault'
/** Enough time to type the keychain's own passphrase into its prompt. */
const answerWithinMs = 60_000
/** Short, because removing a key is retried later. */
const forgetWithinMs = 5000
/** Short, because a person is waiting. */
const lookWithinMs = 3000

/** macOS Keychain, Windows Credential Manager, or the Secret Service on Linux. */
export function osKeychainProtector(): KeyProtector {
  return {
    kind: 'os-keychain',
    weak: false,
    reason: 'The key of the vault is kept in the keychain of this user account.',
    whyNot,
    establish,
    recover,
    forget,
  }
}

/** Looks up a missing key: a working keychain answers without a prompt. */
async function whyNot(): Promise<string | null> {
  try {
    using _missing = await readSecret(
      await openEntry(`probe-${randomBytes(4).toString('hex')}`),
      lookWithinMs,
    )
    return null
  } catch (error) {
    if (error instanceof ProtectorFailure) return error.reason
    throw error
  }
}

async function establish(keyName: string): Promise<SecretBytes> {
  using key = new SecretBytes(randomBytes(wrappingKeyBytes))
  const entry = await openEntry(keyName)
  await answer(entry.setSecret(key.bytes))
  using readBack = await readSecret(entry)
  if (readBack?.bytes.equals(key.bytes)) return key.move()
  throw new ProtectorFailure('the keychain of this machine does not return what was stored in it')
}

async function recover(keyName: string): Promise<SecretBytes> {
  using key = await readSecret(await openEntry(keyName))
  if (!key) throw new ProtectorFailure('the keychain of this user has no key for this vault')
  if (key.bytes.length === wrappingKeyBytes) return key.move()
  throw new ProtectorFailure('the keychain of this user has a damaged key for this vault')
}

async function forget(keyName: string): Promise<void> {
  await answer((await openEntry(keyName)).deleteCredential(), forgetWithinMs)
}

/**
 * Demands the Secret Service by name on Linux: the library would fall back to the kernel's keyring, which
 * forgets the vault's keys at the next reboot. Loads the library on use, because its native part must not
 * slow a vault that does not need it.
 */
async function openEntry(keyName: string): Promise<AsyncEntry> {
  try {
    const { AsyncEntry: Entry } = await import('@napi-rs/keyring')
    return new Entry(service, keyName, { linux: { store: 'secret-service' } })
  } catch (cause) {
    // The library connects to the Secret Service on Linux here, which the session starts if installed.
    throw new ProtectorFailure(
      process.platform === 'linux'
        ? 'no keychain service answers in this session. Install and start GNOME Keyring or KWallet, and log in again'
        : 'the keychain of this machine cannot be used',
      { cause },
    )
  }
}

async function readSecret(entry: AsyncEntry, withinMs?: number): Promise<SecretBytes | undefined> {
  const bytes = await answer(entry.getSecret(), withinMs)
  if (!bytes) return undefined
  const secret = new SecretBytes(Buffer.from(bytes))
  bytes.fill(0)
  return secret
}

/** A locked keychain prompts the person; an unanswered prompt must not block the engine. */
async function answer<T>(call: Promise<T>, withinMs = answerWithinMs): Promise<T> {
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(
    () =>
      timeout.reject(new ProtectorFailure('the keychain of this machine does not answer; unlock it first')),
    withinMs,
  )
  try {
    return await Promise.race([call, timeout.promise])
  } catch (cause) {
    if (cause instanceof ProtectorFailure) throw cause
    throw new ProtectorFailure('the keychain of this machine refuses; unlock it first', { cause })
  } finally {
    clearTimeout(timer)
  }
}
