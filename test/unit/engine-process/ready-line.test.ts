import { expect, test } from 'vitest'
import { readReadyLine } from '../../../src/engine-process/ready-line.ts'

test('reads the line of an engine that serves', () => {
  const ready = { ok: true, pid: 7, httpsPort: 8443, httpPort: 8080 }
  expect(readReadyLine(JSON.stringify(ready))).toEqual(ready)
})

test('throws the error that the line names, with its data', () => {
  const error = {
    code: 'edge.port_taken',
    message: '…',
    data: { port: 8443, owner: 'nginx', nextFreePort: 8444 },
  }
  expect(() => readReadyLine(JSON.stringify({ ok: false, error }))).toThrow(
    'Port 8443 is taken by nginx. Port 8444 is free.',
  )
})

test('passes on the sentence of an error it does not know', () => {
  const line = JSON.stringify({ ok: false, error: { code: 'engine.of_tomorrow', message: 'it rains' } })
  expect(() => readReadyLine(line)).toThrow(expect.objectContaining({ code: 'engine.unreachable' }))
  expect(() => readReadyLine(line)).toThrow('it rains')
})

test('passes on the sentence of an error whose data it cannot read', () => {
  const error = { code: 'edge.port_taken', message: 'Port 8443 is taken.', data: {} }
  expect(() => readReadyLine(JSON.stringify({ ok: false, error }))).toThrow('Port 8443 is taken.')
})

test.each(['', 'Segmentation fault', '{}', '{"ok":true}', '{"ok":true,"pid":"7"}', 'null'])(
  'does not take %j for an answer',
  (line) => {
    expect(() => readReadyLine(line)).toThrow('its first line is not understood')
  },
)
