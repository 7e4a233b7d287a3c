import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { knownLogs, readLogList } from '../../../../src/pki/transparency/log-list.ts'
import { transparencyOf } from '../../../../src/pki/transparency/transparency.ts'
import { certificateOf } from '../../../../src/pki/x509/certificate.ts'
import { makeKeys, type MadeCertificate } from '../../../support/pki/certificate-maker.ts'
import {
  logs,
  logsOfTests,
  oids,
  publicIntermediate,
  publicLeaf,
  publicRoot,
  timestamps,
} from '../../../support/pki/public-certificate.ts'
import { logListJson, logListOf, makeLog } from '../../../support/pki/transparency-logs.ts'

const issuer = publicIntermediate(publicRoot())
const judged = (leaf: MadeCertificate, list = logsOfTests, at?: number) =>
  transparencyOf(certificateOf(leaf.der), certificateOf(issuer.der), { list, ...(at && { at }) })
const statesOf = (leaf: MadeCertificate, list = logsOfTests) =>
  judged(leaf, list)?.timestamps.map(({ state }) => state)

describe('embedded SCTs', () => {
  test('SCTs of an ECDSA and an RSA log of two operators meet both policies', () => {
    const { chrome, apple, counted, timestamps: all } = judged(publicLeaf(issuer))!
    expect({ chrome, apple, counted }).toEqual({ chrome: 'met', apple: 'met', counted: 2 })
    expect(all.map(({ log }) => `${log?.operator} ${log?.name}`)).toEqual(['A One', 'B Two'])
  })

  test('two SCTs of one log count once', () => {
    const { counted, chrome } = judged(publicLeaf(issuer, { logged: [logs.one, logs.one] }))!
    expect({ counted, chrome }).toEqual({ counted: 1, chrome: 'too-few' })
  })

  test('SCTs of static-ct logs alone meet Chrome’s policy and not Apple’s', () => {
    const { chrome, apple } = judged(publicLeaf(issuer, { logged: [logs.tiled, logs.alsoTiled] }))!
    expect({ chrome, apple }).toEqual({ chrome: 'met', apple: 'no-rfc6962-log' })
  })

  test('SCTs under another issuer key are forged, and count only while the issuer is unknown', () => {
    const leaf = publicLeaf({ ...issuer, keys: makeKeys('ec') })
    expect(statesOf(leaf)).toEqual(['forged', 'forged'])
    expect(transparencyOf(certificateOf(leaf.der), undefined, { list: logsOfTests })?.chrome).toBe('met')
  })

  test('SCTs of a retired log count up to the day of its retirement', () => {
    const logged = [logs.retired, logs.longRetired, logs.two]
    expect(statesOf(publicLeaf(issuer, { logged }))).toEqual(['counts', 'retired', 'counts'])
  })

  test('SCTs of invented logs are of unknown logs', () => {
    const leaf = publicLeaf(issuer, { extensions: { [oids.timestamps]: timestamps(3) } })
    expect(statesOf(leaf)).toEqual(['unknown', 'unknown', 'unknown'])
    expect(judged(leaf)?.chrome).toBe('too-few')
  })

  test('SCTs of logs that are newer than the list leave the policies undecided', () => {
    const leaf = publicLeaf(issuer, { extensions: { [oids.timestamps]: timestamps(2) } })
    const later = logListOf(Object.values(logs), '2026-09-01T00:00:00Z')
    expect(judged(leaf, later)).toMatchObject({ chrome: 'undecided', apple: 'undecided' })
    expect(statesOf(leaf, later)).toEqual(['unlisted', 'unlisted'])
  })

  test('a list refuses for 70 days and accepts for longer', () => {
    const day = 86_400_000
    const oneOperator = publicLeaf(issuer, { logged: [logs.one, logs.three] })
    const outcomes = (age: number) => [
      judged(oneOperator, logsOfTests, logsOfTests.at + age * day)?.chrome,
      judged(publicLeaf(issuer), logsOfTests, logsOfTests.at + age * day)?.chrome,
    ]
    expect(outcomes(70)).toEqual(['one-operator', 'met'])
    expect(outcomes(71)).toEqual(['undecided', 'met'])
  })
})

describe('the shipped list of logs', () => {
  const list = knownLogs()

  test('has the logs of Chrome of its day, with operator, state and interval', () => {
    expect(new Date(list.at).toISOString()).toBe('2026-10-02T13:41:30.000Z')
    expect(new Set([...list.byId.values()].map(({ operator }) => operator)).size).toBeGreaterThan(7)
    const id = Buffer.from('jspHC6zeavOiBrCkeoS3Rv4fxr+VPiXmm07kAkjzxug=', 'base64').toString('hex')
    expect(list.byId.get(id)).toMatchObject({
      name: 'Sycamore2027h1',
      operator: "Let's Encrypt",
      isTiled: true,
      state: 'usable',
      ends: { from: Date.parse('2026-12-17'), to: Date.parse('2027-06-18') },
    })
  })
})

describe('a list of logs that somebody gives', () => {
  const given = (change: (list: ReturnType<typeof parsed>) => void) => {
    const list = parsed()
    change(list)
    return JSON.stringify(list)
  }
  const parsed = () =>
    JSON.parse(logListJson([makeLog('One', 'A')])) as {
      log_list_timestamp: unknown
      operators: { logs: Record<string, unknown>[]; tiled_logs?: unknown }[]
    }
  const log = (list: ReturnType<typeof parsed>) => list.operators[0]!.logs[0]!
  const foreignKey = makeKeys('secp256k1').publicKey.export({ format: 'der', type: 'spki' })

  test.each([
    ['is no JSON', '<html>', /cannot be read/],
    ['is larger than 1 MB', ' '.repeat(1024 * 1024 + 1), /larger than 1 MB/],
    ['has no day', given((list) => (list.log_list_timestamp = 'today')), /log_list_timestamp/],
    ['has no operators', '{"log_list_timestamp":"2026-06-01T00:00:00Z","operators":null}', /operators/],
    [
      'has an ID that is not the hash of its key',
      given((list) => (log(list)['log_id'] = `${'A'.repeat(43)}=`)),
      /hash of its key/,
    ],
    ['has a state that nobody knows', given((list) => (log(list)['state'] = { odd: {} })), /state/],
    [
      'has a key that is none',
      given((list) => {
        const key = Buffer.from('no key')
        Object.assign(log(list), { key: key.toString('base64'), log_id: hashOf(key) })
      }),
      /cannot be read/,
    ],
    [
      'has a key on another curve',
      given((list) => {
        Object.assign(log(list), { key: foreignKey.toString('base64'), log_id: hashOf(foreignKey) })
      }),
      /another type/,
    ],
  ])('is refused where it %s', (_, text, reason) => {
    expect(() => readLogList(text)).toThrow(reason)
    expect(() => readLogList(text)).toThrow(expect.objectContaining({ code: 'input.invalid' }))
  })

  test('keeps no log without a state, and takes an operator without static-ct logs', () => {
    const list = readLogList(
      given((one) => {
        delete log(one)['state']
        delete one.operators[0]!.tiled_logs
      }),
    )
    expect(list.byId.size).toBe(0)
  })
})

function hashOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64')
}
