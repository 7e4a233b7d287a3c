import { runProgram } from '../../core/run-program.ts'
import { randomUUID } from 'node:crypto'
import { isAbsolute } from 'node:path'
import type { DnsMethod, DnsSettings } from '../../../contract/acme/acme.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { SecretBytes, type Unwiped } from '../../../domain/secret-bytes.ts'
import { requireSealedWay, updateAcmeDns } from './acme-dns.ts'
import { type ChallengeTask, txtRecord } from './challenges.ts'
import { updateTxt } from './dns-update.ts'
import type { DnsMethodRow } from '../../vault/vault.ts'
import { requireCommandLine } from '../../core/command-line-only.ts'
import { commit } from '../../core/commit.ts'
import type { AcmeClientNeeds } from './needs.ts'

const base64Pattern = /^[A-Za-z0-9+/]+={0,2}$/

export function listDnsMethods({ vault }: AcmeClientNeeds): DnsMethod[] {
  return vault.dnsMethods.list()
}

/**
 * Stores a method to set TXT records. Programs are accepted from the command line only: a compromised window
 * must not be able to run one.
 * @throws EdgekeepError `acme.dns_in_clear`, `acme.hook_from_window`, `input.invalid`
 */
export async function addDnsMethod(
  parts: AcmeClientNeeds,
  wanted: { name: string; settings: DnsSettings; secret?: string; waitSeconds: number },
): Promise<DnsMethod> {
  const { name, settings, secret, waitSeconds } = wanted
  const { vault } = parts
  vault.requireUnlocked()
  if (settings.kind === 'hook') {
    requireCommandLine(parts, 'acme.hook_from_window')
    if (!isAbsolute(settings.command[0] ?? ''))
      throw new EdgekeepError('input.invalid', {
        reason: 'The program of a hook is named by its whole path.',
      })
  } else if (secret === undefined || secret.trim() === '') {
    throw new EdgekeepError('input.invalid', { reason: 'This DNS method needs its secret.' })
  } else if (settings.kind === 'rfc2136' && !base64Pattern.test(secret.trim())) {
    throw new EdgekeepError('input.invalid', { reason: 'The TSIG key is not base64.' })
  }
  if (settings.kind === 'acme-dns') requireSealedWay(settings.server)
  const row = { id: randomUUID(), name, settings, waitSeconds }
  using bytes = secretBytes(settings, secret ?? '')
  await commit(parts, () => {
    vault.dnsMethods.insert(row, bytes.bytes)
    return { record: { action: 'acme.dns_add', subject: name, before: null, after: { kind: settings.kind } } }
  })
  return vault.dnsMethods.find(row.id)
}

/** @throws `acme.dns_not_found` */
export async function setDnsWait(
  parts: AcmeClientNeeds,
  { reference, waitSeconds }: { reference: string; waitSeconds: number },
): Promise<DnsMethod> {
  const { vault } = parts
  const before = vault.dnsMethods.find(reference)
  await commit(parts, () => {
    vault.dnsMethods.setWait(before.id, waitSeconds)
    return {
      record: {
        action: 'acme.dns_wait',
        subject: before.name,
        before: { seconds: before.waitSeconds },
        after: { seconds: waitSeconds },
      },
    }
  })
  return vault.dnsMethods.find(before.id)
}

export async function removeDnsMethod(parts: AcmeClientNeeds, reference: string): Promise<{ name: string }> {
  const { vault } = parts
  const { id, name, settings } = vault.dnsMethods.find(reference)
  await commit(parts, () => {
    vault.dnsMethods.remove(id)
    return {
      record: { action: 'acme.dns_remove', subject: name, before: { kind: settings.kind }, after: null },
    }
  })
  return { name }
}

/** TSIG keys are in base64. */
function secretBytes({ kind }: DnsSettings, secret: Unwiped<string>): SecretBytes {
  return new SecretBytes(Buffer.from(secret.trim(), kind === 'rfc2136' ? 'base64' : 'utf8'))
}

/**
 * Sets or clears the record of a challenge.
 * @throws `acme.dns_failed`, `acme.dns_not_found`
 */
export async function changeTxt(
  parts: AcmeClientNeeds,
  method: DnsMethodRow,
  task: ChallengeTask,
  act: 'present' | 'cleanup',
): Promise<void> {
  const record = txtRecord(task)
  try {
    await changeBy(parts, method.id, record, act)
  } catch (error) {
    const isForged = error instanceof EdgekeepError && error.code === 'key.unsealable'
    if (error instanceof EdgekeepError && !isForged) throw error
    const reason = isForged ? forgedReason : error instanceof Error ? error.message : String(error)
    throw new EdgekeepError(
      'acme.dns_failed',
      { name: record.name, method: method.name, reason },
      { cause: error },
    )
  }
}

const forgedReason =
  'the settings of the DNS method are not those that were sealed; remove it and add it again'

/** Uses no settings but those that the seal authenticates: who can write the database gets no program run. */
async function changeBy(
  { vault }: AcmeClientNeeds,
  id: string,
  record: { name: string; value: string },
  act: 'present' | 'cleanup',
): Promise<void> {
  await vault.dnsMethods.withSecret(id, async (secret, settings) => {
    switch (settings.kind) {
      case 'hook':
        return runDnsHook(settings.command, act, record)
      case 'acme-dns':
        if (act === 'cleanup') return
        return updateAcmeDns(settings, secret.toString('utf8'), record.value)
      case 'rfc2136':
        return updateTxt(settings, secret, { ...record, act: act === 'present' ? 'add' : 'remove' })
    }
  })
}

/**
 * Runs the user's program with `present` or `cleanup`, the record's name and its value. The value is not
 * secret, since it is published.
 * @throws as `runProgram`
 */
function runDnsHook(
  command: readonly string[],
  act: 'present' | 'cleanup',
  record: { name: string; value: string },
): Promise<void> {
  return runProgram([...command, act, record.name, record.value])
}
