import { randomUUID } from 'node:crypto'
import { isIP } from 'node:net'
import { isAbsolute } from 'node:path'
import type { NoticeChannel, NoticeSettings } from '../../contract/notices/notices.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { SecretBytes } from '../../domain/secret-bytes.ts'
import { addressScope, type AddressScope } from '../network-guard/address-scope.ts'
import { allowances } from '../network-guard/guard.ts'
import { requireCommandLine } from '../core/command-line-only.ts'
import { commit } from '../core/commit.ts'
import type { NoticeChannelRow } from '../vault/vault.ts'
import type { NoticesNeeds } from './needs.ts'
import { testMessage } from './notice-text.ts'
import { send } from './send.ts'
import { parseWebhookSecret } from './webhook.ts'

export function listChannels({ vault }: NoticesNeeds): NoticeChannel[] {
  return vault.noticeChannels.list().map(channelView)
}

/** Without the arguments of a program, which may be secret. */
function channelView({ state, settings, ...channel }: NoticeChannelRow): NoticeChannel {
  const shown =
    settings.kind === 'command' ? { ...settings, command: settings.command.slice(0, 1) } : settings
  return { ...channel, settings: shown, last: state.last }
}

/**
 * Stores a channel; a new one gets what is of note now. Programs are accepted from the command line only: a
 * compromised window must not be able to run one.
 * @throws EdgekeepError `notice.name_taken`, `notice.command_from_window`, `notice.in_clear`, `input.invalid`
 */
export async function addChannel(
  parts: NoticesNeeds,
  wanted: { name: string; settings: NoticeSettings; secret?: string },
): Promise<NoticeChannel> {
  const { name, settings, secret = '' } = wanted
  const { vault } = parts
  vault.requireUnlocked()
  if (settings.kind === 'command') requireCommandLine(parts, 'notice.command_from_window')
  const place = placeOf(settings, secret)
  const row = { id: randomUUID(), name, settings, place }
  using bytes = new SecretBytes(Buffer.from(secret, 'utf8'))
  await commit(parts, () => {
    vault.noticeChannels.insert(row, bytes.bytes)
    const after = { kind: settings.kind, place }
    return { record: { action: 'notice.add', subject: name, before: null, after } }
  })
  return channelView(vault.noticeChannels.find(row.id))
}

/** Destination of a channel, without what is secret. Refuses one that could not be used. */
function placeOf(settings: NoticeSettings, secret: string): string {
  switch (settings.kind) {
    case 'command': {
      const [program = ''] = settings.command
      if (!isAbsolute(program)) throw invalid('The program is named by its whole path.')
      return program
    }
    case 'email': {
      const { host, port, security, user } = settings
      if (user !== null && secret.trim() === '')
        throw invalid('A login at the mail server needs its password.')
      if (security === 'none' && !isOwnComputer(host)) throw new EdgekeepError('notice.in_clear', { host })
      return `${host}:${port}`
    }
    default: {
      const { url } = parseWebhookSecret(secret)
      if (url.protocol === 'http:' && isPublicAddress(url.hostname))
        throw new EdgekeepError('notice.in_clear', { host: url.host })
      return url.origin
    }
  }
}

function invalid(reason: string): EdgekeepError {
  return new EdgekeepError('input.invalid', { reason })
}

function isOwnComputer(host: string): boolean {
  return host === 'localhost' || addressScope(host) === 'loopback'
}

/** A name may lead into a private network, which is seen when it is connected to. */
function isPublicAddress(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '')
  const allowed: readonly AddressScope[] = allowances.typedInClear
  return isIP(address) !== 0 && !allowed.includes(addressScope(address))
}

export async function removeChannel(parts: NoticesNeeds, reference: string): Promise<{ name: string }> {
  const { vault } = parts
  const { id, name, settings, place } = vault.noticeChannels.find(reference)
  await commit(parts, () => {
    vault.noticeChannels.remove(id)
    const before = { kind: settings.kind, place }
    return { record: { action: 'notice.remove', subject: name, before, after: null } }
  })
  return { name }
}

/** @throws EdgekeepError `notice.not_found`, and as `send` */
export async function testChannel(parts: NoticesNeeds, reference: string): Promise<{ sentence: string }> {
  const { vault, clock } = parts
  const channel = vault.noticeChannels.find(reference)
  const note = (ok: boolean, sentence: string) =>
    vault.noticeChannels.setState(channel.id, {
      ...vault.noticeChannels.find(channel.id).state,
      last: { at: clock().toISOString(), ok, sentence },
    })
  try {
    await send(parts, channel, testMessage)
  } catch (error) {
    note(false, (error as Error).message)
    throw error
  }
  const sentence = `${channel.name} took the test notice.`
  note(true, sentence)
  return { sentence }
}
