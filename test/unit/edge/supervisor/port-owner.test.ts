import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import {
  listeningInodes,
  nextFreePort,
  ownerInLsof,
  pidInNetstat,
  portOwner,
} from '../../../../src/engine/edge/supervisor/port-owner.ts'

describe('who has a port', () => {
  test('finds the sockets that listen in a table of Linux', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:20FB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 1 0000000000000000 100 0 0 10 0',
      '   1: 0100007F:20FB 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 54321 1 0000000000000000 20 4 30 10 -1',
      '   2: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 99999 1 0000000000000000 100 0 0 10 0',
      '',
    ].join('\n')
    expect(listeningInodes(table, 8443)).toEqual(['12345'])
    expect(listeningInodes(table, 80)).toEqual([])
  })

  test('reads lsof', () => {
    expect(ownerInLsof('p812\ncnginx\nf6\n')).toBe('nginx (process 812)')
    expect(ownerInLsof('')).toBeUndefined()
  })

  test('reads netstat, whatever language Windows speaks', () => {
    const output = [
      '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
      '  TCP    127.0.0.1:8443         127.0.0.1:50000        HERGESTELLT      11',
      '  TCP    127.0.0.1:8443         0.0.0.0:0              ABHÖREN          4711',
      '  TCP    [::1]:9000             [::]:0                 ABHÖREN          12',
    ].join('\r\n')
    expect(pidInNetstat(output, 8443)).toBe('4711')
    expect(pidInNetstat(output, 9000)).toBe('12')
    expect(pidInNetstat(output, 1)).toBeUndefined()
  })

  test('names this process for a port it has, and steps over it', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    if (process.platform === 'linux') expect(await portOwner(port)).toContain(`(process ${process.pid})`)
    const free = await nextFreePort(port - 1, ['127.0.0.1'], [port + 1])
    expect(free).toBeGreaterThan(port + 1)
    server.close()
  })
})
