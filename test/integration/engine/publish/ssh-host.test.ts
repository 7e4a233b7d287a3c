import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { HostFault } from '../../../../src/engine/publish/hosts/host.ts'
import { localHost } from '../../../../src/engine/publish/hosts/local-host.ts'
import { parseSshAddress, sshHost } from '../../../../src/engine/publish/hosts/ssh-host.ts'
import { absent, unless } from '../../../support/needs.ts'
import { startSshd } from '../../../support/publish/sshd.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

describe('a server by SSH', unless(absent('sshd', 'ssh-agent', 'ssh-keygen', 'ssh-add')), () => {
  test('is used as this computer is, and only with the pinned host key', async () => {
    const address = await startSshd()
    const { host, hostKey } = await sshHost(address, null)
    expect(hostKey).toMatch(/^SHA256:[\w+/]{43}$/)
    for (const each of [host, localHost()]) {
      const folder = join(temporaryFolder(), 'a', 'b')
      await each.makeFolder(folder)
      const file = join(folder, 'file')
      await each.write(file, 'one')
      await expect(each.write(file, 'two')).rejects.toThrow(HostFault)
      await each.replaceLink(join(folder, 'link'), 'file')
      await each.replaceLink(join(folder, 'link'), 'other')
      expect(await each.list(folder)).toEqual(['file', 'link'])
      expect([await each.linkTarget(join(folder, 'link')), await each.linkTarget(file)]).toEqual([
        'other',
        null,
      ])
      expect([(await each.read(file))?.toString(), await each.read(join(folder, 'none'))]).toEqual([
        'one',
        null,
      ])
      expect(await each.entry(folder)).toEqual({ kind: 'folder', isOurs: true, isShared: false })
      expect(await each.entry(join(folder, 'link'))).toMatchObject({ kind: 'link' })
      expect(await each.entry(join(folder, 'none'))).toBeNull()
      chmodSync(folder, 0o770)
      expect(await each.entry(folder)).toMatchObject({ isShared: true })
      await each.remove(...Array.from({ length: 250 }, (_, at) => join(folder, `none-${at}`)), folder)
      expect(await each.list(folder)).toEqual([])
      // No shell reads what stands in an argument.
      const word = `a 'b' "c" $HOME \`id\` ; & | \n *`
      expect(await each.run(['printf', '%s', word])).toEqual({ status: 0, output: word })
      expect((await each.run(['no-such-program'])).status).toBe(127)
    }
    host.close()
    await expect(sshHost(address, 'SHA256:another')).rejects.toThrow(/another host key than before/)
    await expect(sshHost(address.replace(/:\d+$/, ':1'), null)).rejects.toThrow(HostFault)
    vi.stubEnv('SSH_AUTH_SOCK', undefined)
    await expect(sshHost(address, null)).rejects.toThrow(/without an SSH agent/)
  })
})

test.each([
  ['deploy@web1.example', { user: 'deploy', host: 'web1.example', port: 22 }],
  ['deploy@[::1]:2222', { user: 'deploy', host: '::1', port: 2222 }],
  ['web1.example', null],
  ['-o@web1.example', null],
  ['deploy@-oProxyCommand=id', null],
  ['deploy@web1:0', null],
])('%s is an address of a server, or none', (address, parsed) => {
  expect(parseSshAddress(address)).toEqual(parsed)
})
