import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { openHost } from '../../../../src/engine/publish/fleet.ts'
import { vaultKeyOf } from '../../../../src/engine/publish/ssh-key.ts'
import { commandLineOf, openTestEngine, type TestEngine } from '../../../support/engine/engine.ts'
import { freePort } from '../../../support/free-port.ts'
import { absent, unless } from '../../../support/needs.ts'
import { filesWith, foundInText, needlesOf } from '../../../support/pki/needles.ts'
import { end, newSshKey, runSshd } from '../../../support/publish/real-sshd.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const passphrase = 'a passphrase for the key'
const kinds: [kind: string, options: string[]][] = [
  ['Ed25519', ['-t', 'ed25519', '-N', '']],
  ['ECDSA', ['-t', 'ecdsa', '-b', '384', '-N', '']],
  ['RSA', ['-t', 'rsa', '-b', '2048', '-N', '']],
  ['RSA in PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', '']],
  ['encrypted', ['-t', 'ed25519', '-N', passphrase]],
]

let opened: TestEngine
let folder: string
beforeEach(async () => {
  opened = await openTestEngine()
  folder = temporaryFolder()
  writeFileSync(join(folder, 'nginx.conf'), 'events {}\n')
  vi.stubEnv('SSH_AUTH_SOCK', undefined)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await opened.close()
})

/** Real sshd that lets one key in; returns the address of this user there. */
async function sshdFor(key: string): Promise<string> {
  const place = { folder: temporaryFolder(), authorized: `${key}.pub`, address: '127.0.0.1' }
  const { address, child } = await runSshd({ ...place, port: await freePort() })
  onTestFinished(() => end(child))
  return address
}

const target = (ssh: string[], file: string, more = {}) => ({
  name: 'web',
  kind: 'nginx' as const,
  config: join(folder, 'nginx.conf'),
  ssh,
  sshKey: { file: new File([readFileSync(file)], 'id'), ...more },
})

describe('a key for SSH in the vault', unless(absent('sshd', 'ssh-keygen')), () => {
  test.each(kinds)('logs in (%s), and is nowhere to be read', async (kind, options) => {
    const key = newSshKey(folder, 'id', options)
    const client = commandLineOf(opened)
    const settings = target([await sshdFor(key)], key, kind === 'encrypted' ? { passphrase } : {})
    const added = await client.targets.add(settings)
    expect(added.authorized).toBe(
      `${readFileSync(`${key}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')} edgekeep`,
    )
    const [server] = added.target.servers
    if (!server) throw new Error('It has no server.')
    const { parts } = opened.engine.context
    const connected = async () => openHost(server, vaultKeyOf(parts, 'web'))
    const host = await connected()
    expect(await host.run(['echo', 'in'])).toEqual({ status: 0, output: 'in\n' })
    host.close()

    const open = ssh2.utils.parseKey(readFileSync(key), passphrase)
    if (open instanceof Error) throw open
    const needles = needlesOf(open.getPrivatePEM())
    const shown = [added, await client.targets.list(), await client.targets.show({ target: 'web' })]
    expect(foundInText(JSON.stringify(shown), needles)).toEqual([])
    expect(filesWith(opened.folder, needles)).toEqual([])

    await client.targets.remove({ target: 'web' })
    expect(vaultKeyOf(parts, 'web')).toBeNull()
    await expect(connected()).rejects.toThrow(/without an SSH agent/)
  })

  test('is of no use to a locked vault, which says so', async () => {
    const key = newSshKey(folder, 'id')
    const client = commandLineOf(opened)
    const added = await client.targets.add(target([await sshdFor(key)], key))
    const [server] = added.target.servers
    if (!server) throw new Error('It has no server.')
    const { parts } = opened.engine.context
    await opened.client.vault.lock()
    await expect(openHost(server, vaultKeyOf(parts, 'web'))).rejects.toThrow(/vault is locked/i)
  })

  test('is refused with its reason, and nothing is stored', async () => {
    const { targets } = commandLineOf(opened)
    const key = newSshKey(folder, 'id', ['-t', 'ed25519', '-N', passphrase])
    const ssh = ['deploy@127.0.0.1:1']
    await expect(targets.add(target(ssh, key))).rejects.toMatchObject({ code: 'key.encrypted' })
    const wrong = targets.add(target(ssh, key, { passphrase: 'another' }))
    await expect(wrong).rejects.toMatchObject({ code: 'key.wrong_passphrase' })
    await expect(targets.add(target(ssh, `${key}.pub`))).rejects.toMatchObject({ code: 'key.malformed' })
    await expect(targets.add(target([], key, { passphrase }))).rejects.toMatchObject({
      code: 'target.unusable',
    })
    // Right, but nobody listens.
    await expect(targets.add(target(ssh, key, { passphrase }))).rejects.toMatchObject({
      code: 'target.unusable',
    })
    expect(await targets.list()).toEqual([])
    expect(vaultKeyOf(opened.engine.context.parts, 'web')).toBeNull()
  })
})
