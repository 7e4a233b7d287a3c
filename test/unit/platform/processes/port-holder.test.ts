import { describe, expect, test } from 'vitest'
import { formatPortHolder } from '../../../../src/domain/port-conflict.ts'
import {
  holderInLsof,
  listeningSockets,
  pidInNetstat,
} from '../../../../src/platform/processes/port-holder.ts'

const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const row = (local: string, state: string, uid: number, inode: number) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000 ${uid}        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`

describe('The holder of a port', () => {
  test('is found in a table of Linux, with its user', () => {
    const table =
      head +
      row('0100007F:20FB', '0A', 65534, 12345) +
      row('0100007F:20FB', '01', 0, 54321) +
      row('0100007F:1F90', '0A', 0, 99999)
    expect(listeningSockets(table, 8443)).toEqual([{ uid: 65534, inode: '12345' }])
    expect(listeningSockets(table, 80)).toEqual([])
  })

  test.each([
    ['00000000:20FB', 'every address'],
    ['00000000000000000000000000000000:20FB', 'every address of IPv6'],
    ['0000000000000000FFFF00000100007F:20FB', 'the loopback, mapped into IPv6'],
    ['00000000000000000000000001000000:20FB', 'the loopback of IPv6'],
  ])('counts at %s, %s', (local) => {
    expect(listeningSockets(head + row(local, '0A', 7, 1), 8443)).toHaveLength(1)
  })

  test('does not count at another address of the loopback, or elsewhere', () => {
    const table = head + row('0200007F:20FB', '0A', 7, 1) + row('0101A8C0:20FB', '0A', 7, 2)
    expect(listeningSockets(table, 8443)).toEqual([])
  })

  test('is read from lsof, with its user', () => {
    expect(holderInLsof('p812\ncnginx\nu77\nf6\n')).toEqual({
      uid: 77,
      user: null,
      program: 'nginx',
      pid: 812,
      isStranger: true,
    })
    expect(holderInLsof('')).toBeUndefined()
  })

  test('is read from netstat in any language of Windows', () => {
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

  test('is shown with its user, and cannot steer a terminal by its name', () => {
    const holder = { uid: 65534, user: 'nobody', program: '\u001b[2Jsshd', pid: 812, isStranger: true }
    expect(formatPortHolder(holder)).toBe('\\u001b[2Jsshd (process 812) of user nobody (uid 65534)')
    expect(formatPortHolder({ ...holder, program: null, pid: null, user: null })).toBe(
      'a program of user (uid 65534)',
    )
    expect(formatPortHolder({ ...holder, program: 'nginx', isStranger: false })).toBe('nginx (process 812)')
  })
})
