import { createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import {
  listeningSocketsOf,
  socketsInLsof,
  socketsInNetstat,
  socketsInTable,
} from '../../../../src/platform/processes/listening-sockets.ts'
import {
  descendantsOf,
  processTable,
  rowInStat,
  rowsInPs,
} from '../../../../src/platform/processes/process-table.ts'

test('a stat file is read past a program name with parentheses and spaces', () => {
  const stat = '42 (a) b (c) S 7 40 40 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 98765 0 0'
  expect(rowInStat(stat)).toEqual({ pid: 42, parent: 7, group: 40, start: '98765' })
  expect(rowInStat(stat.replace(' S ', ' Z '))).toBeNull()
  expect(rowInStat('')).toBeNull()
})

test('a listing of ps is read with its start times', () => {
  const listing = '    1     0     1 Mon Nov 23 10:00:00 2026\n  812     1   812 Mon Nov 23 10:00:01 2026\n\n'
  expect(rowsInPs(listing)).toEqual([
    { pid: 1, parent: 0, group: 1, start: 'Mon Nov 23 10:00:00 2026' },
    { pid: 812, parent: 1, group: 812, start: 'Mon Nov 23 10:00:01 2026' },
  ])
})

test('descendants end with a table in which two processes claim to be the parent of each other', () => {
  const row = (pid: number, parent: number) => ({ pid, parent, group: 1, start: '1' })
  const pids = descendantsOf([row(1, 3), row(2, 1), row(3, 2), row(9, 8)], 1).map(({ pid }) => pid)
  expect(pids).toEqual([1, 2, 3])
})

test('tables of sockets are read with IPv4, IPv6 and the wildcard, listening ones alone', () => {
  const columns = '00000000:00000000 00:00000000 00000000  1000        0'
  const table = `  sl  local_address rem_address
   0: 0100007F:1435 00000000:0000 0A ${columns} 11 1
   1: 00000000000000000000000001000000:1436 00000000:0000 0A ${columns} 12 1
   2: 00000000000000000000000000000000:1437 00000000:0000 0A ${columns} 13 1
   3: 0100007F:1438 0100007F:0050 01 ${columns} 14 1`
  expect(socketsInTable(table, () => true)).toEqual([
    { address: '127.0.0.1', port: 0x1435 },
    { address: '::1', port: 0x1436 },
    { address: '::', port: 0x1437 },
  ])
  expect(socketsInTable(table, (inode) => inode === '12')).toEqual([{ address: '::1', port: 0x1436 }])
})

test('the listings of lsof and netstat are read', () => {
  expect(socketsInLsof('p812\nf20\nn127.0.0.1:5173\nf21\nn*:3000\nf22\nn[::1]:5174\n')).toEqual([
    { address: '127.0.0.1', port: 5173 },
    { address: '0.0.0.0', port: 3000 },
    { address: '::1', port: 5174 },
  ])
  const netstat =
    '\r\n  TCP    127.0.0.1:5173  0.0.0.0:0  ABHÖREN  812\r\n  TCP    [::1]:5174  [::]:0  ABHÖREN  812\r\n  TCP    127.0.0.1:9  1.2.3.4:5  HERGESTELLT  812\r\n  TCP    127.0.0.1:80  0.0.0.0:0  ABHÖREN  4\r\n'
  expect(socketsInNetstat(netstat, [812])).toEqual([
    { address: '127.0.0.1', port: 5173 },
    { address: '::1', port: 5174 },
  ])
})

test('this process is in the table, with the socket on which it listens', async () => {
  const server = createServer()
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const own = descendantsOf(await processTable(), process.pid).find(({ pid }) => pid === process.pid)
  expect(own).toMatchObject({ parent: process.ppid })
  expect(await listeningSocketsOf([process.pid])).toContainEqual({ address: '127.0.0.1', port })
  expect(await listeningSocketsOf([])).toEqual([])
})
