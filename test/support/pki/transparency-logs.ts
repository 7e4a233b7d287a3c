import { createHash, sign } from 'node:crypto'
import { tags } from '../../../src/pki/asn1/der.ts'
import { readLogList, type LogList } from '../../../src/pki/transparency/log-list.ts'
import * as der from './der-writer.ts'
import { certificateOf } from '../../../src/pki/x509/certificate.ts'
import {
  extension,
  makeCertificate,
  makeKeys,
  type CertificateOptions,
  type Keys,
  type MadeCertificate,
} from './certificate-maker.ts'

export interface TestLog {
  name: string
  operator: string
  keys: Keys
  isTiled?: boolean
  /** Default: usable since 2025. */
  state?: [state: string, since: string]
  ends?: [from: string, to: string]
}

export const timestampsOid = '1.3.6.1.4.1.11129.2.4.2'

export function makeLog(name: string, operator: string, more: Partial<TestLog> = {}): TestLog {
  return { name, operator, keys: makeKeys('ec'), ...more }
}

const spki = ({ keys }: TestLog): Buffer => keys.publicKey.export({ format: 'der', type: 'spki' })
const idOf = (log: TestLog): Buffer => createHash('sha256').update(spki(log)).digest()

/** Chrome's log_list.json, version 3, with these logs. */
export function logListJson(logs: TestLog[], day = '2026-06-01T00:00:00Z'): string {
  const entry = (log: TestLog) => {
    const [state, timestamp] = log.state ?? ['usable', '2025-01-01T00:00:00Z']
    return {
      description: `${log.operator} '${log.name}'`,
      log_id: idOf(log).toString('base64'),
      key: spki(log).toString('base64'),
      state: { [state]: { timestamp } },
      ...(log.ends && { temporal_interval: { start_inclusive: log.ends[0], end_exclusive: log.ends[1] } }),
    }
  }
  const operators = Object.entries(Object.groupBy(logs, ({ operator }) => operator)).map(
    ([name, own = []]) => ({
      name,
      logs: own.filter(({ isTiled }) => !isTiled).map(entry),
      tiled_logs: own.filter(({ isTiled }) => isTiled).map(entry),
    }),
  )
  return JSON.stringify({ version: '1.0', log_list_timestamp: day, operators })
}

export function logListOf(logs: TestLog[], day?: string): LogList {
  return readLogList(logListJson(logs, day))
}

/** One SCT of `log` over `tbs` (RFC 6962, section 3.2). */
function sctOf(log: TestLog, tbs: Uint8Array, issuer: MadeCertificate, at: Date): Buffer {
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(at.getTime()))
  const issuerSpki = issuer.keys.publicKey.export({ format: 'der', type: 'spki' })
  const length = Buffer.from([tbs.length >> 16, (tbs.length >> 8) & 0xff, tbs.length & 0xff])
  const signed = Buffer.concat([
    Buffer.from([0, 0]),
    time,
    Buffer.from([0, 1]),
    createHash('sha256').update(issuerSpki).digest(),
    length,
    tbs,
    Buffer.from([0, 0]),
  ])
  const signature = sign('sha256', signed, log.keys.privateKey)
  return Buffer.concat([
    Buffer.from([0]),
    idOf(log),
    time,
    Buffer.from([0, 0, 4, log.keys.kind === 'rsa' ? 1 : 3, signature.length >> 8, signature.length & 0xff]),
    signature,
  ])
}

/** The extension with these SCTs, each a TLS vector. */
function timestampList(scts: Uint8Array[]): Uint8Array {
  const entries = scts.map((sct) => Buffer.concat([Buffer.from([sct.length >> 8, sct.length & 0xff]), sct]))
  const list = Buffer.concat(entries)
  const content = Buffer.concat([Buffer.from([list.length >> 8, list.length & 0xff]), list])
  return extension(timestampsOid, der.element(tags.octetString, content))
}

/** A leaf that `logs` have logged: made once without SCTs, signed by the logs, and made again with them. */
export function makeLoggedCertificate(
  options: CertificateOptions & { issuer: MadeCertificate },
  logs: TestLog[],
  at = new Date('2026-06-01T00:00:00Z'),
): MadeCertificate {
  const same = { keys: makeKeys('ec'), serial: 0x5c7n, ...options }
  const before = makeCertificate({ ...same, extensions: { ...options.extensions, [timestampsOid]: null } })
  const { tbs } = certificateOf(before.der)
  const list = timestampList(logs.map((log) => sctOf(log, tbs, options.issuer, at)))
  return makeCertificate({ ...same, extensions: { ...options.extensions, [timestampsOid]: list } })
}
