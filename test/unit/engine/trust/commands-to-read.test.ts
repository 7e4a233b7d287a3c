import { expect, test } from 'vitest'
import { toPem } from '../../../../src/pki/formats/convert.ts'
import { commandsToRead } from '../../../../src/engine/trust/commands-to-read.ts'
import { fingerprintOf, thumbprintOf } from '../../../../src/engine/trust/stores/roots.ts'
import { commonName, makeCertificate, makeKeys } from '../../../support/pki/certificate-maker.ts'

const pem = toPem(makeCertificate({ subject: commonName('root'), keys: makeKeys('ec') }).der)
const root = { pem, fingerprint: fingerprintOf(pem), title: 'root' }
const lines = pem.replaceAll(/-----[^-]+-----/g, '').trim()

test.each([
  ['PEM', `cat <<'END'\n${pem}END`, `cat <<'END'\n(the certificate of the local authority)\nEND`],
  ['one line of Base64', `'${lines.replaceAll('\n', '')}'`, `'(the certificate of the local authority)'`],
  ['a name by the fingerprint', `edgekeep-${root.fingerprint.slice(0, 16)}.crt`, 'edgekeep-FINGERPRINT.crt'],
  ['the fingerprint', root.fingerprint, 'FINGERPRINT'],
  ['Windows’ thumbprint', thumbprintOf(pem).toUpperCase(), 'FINGERPRINT'],
  ['none of it', 'update-ca-certificates', 'update-ca-certificates'],
])('what a root that is not kept would leave in commands stands as a word: %s', (_, commands, shown) => {
  expect(commandsToRead(commands, root)).toBe(shown)
})
