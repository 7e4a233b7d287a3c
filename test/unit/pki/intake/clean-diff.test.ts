import { describe, expect, test } from 'vitest'
import { openIntake, type InputFile } from '../../../../src/pki/intake/intake.ts'
import { needlesOf, foundInText } from '../../../support/pki/needles.ts'
import { sample, samplePassphrase, sampleText, textFile } from '../../../support/pki/samples.ts'

const cleanOf = (files: InputFile[], passphrase?: string) =>
  openIntake(files, passphrase === undefined ? {} : { passphrase }).report.clean
const diffOf = (files: InputFile[], passphrase?: string) =>
  (cleanOf(files, passphrase)?.lines ?? []).map(({ change, text }) => `${change} ${text}`)
const changes = (lines: string[]) => lines.filter((line) => !line.startsWith('kept'))

describe('the fixes as a diff', () => {
  test('change nothing where the files are clean already', () => {
    expect(
      changes(diffOf([sample('rsa.crt.pem'), sample('intermediate.crt.pem'), sample('rsa.key.pem')])),
    ).toEqual(['file rsa.crt.pem', 'file intermediate.crt.pem', 'file rsa.key.pem'])
  })

  test('after which is exactly the PEM that is served, but for the key', () => {
    const files = ['root.crt.pem', 'rsa.pkcs1.pem', 'intermediate.crt.pem', 'rsa.crt.pem'].map(sampleText)
    const intake = openIntake([textFile('all.pem', `Some text\n${files.join('\r\n')}more text`)])
    const lines = intake.report.clean?.lines ?? []
    const after = lines
      .filter(({ change }) => change === 'kept' || change === 'added')
      .map(({ text }) => text)
    expect(`${after.slice(0, -3).join('\n')}\n`).toBe(intake.servable().chainPem)
    expect(after.slice(-3)).toEqual([
      '-----BEGIN PRIVATE KEY-----',
      '[private key]',
      '-----END PRIVATE KEY-----',
    ])
    const before = lines.filter(({ change }) => change === 'removed').map(({ text }) => text)
    expect(before).toEqual(
      expect.arrayContaining([
        '[text]',
        '-----BEGIN RSA PRIVATE KEY-----',
        sampleText('root.crt.pem').split('\n')[1],
      ]),
    )
  })

  test('show the line ends and lengths that were given', () => {
    const crlf = textFile('a.pem', sampleText('rsa.crt.pem').replaceAll('\n', '\r\n'))
    const removed = diffOf([crlf, sample('rsa.key.pem')]).filter((line) => line.startsWith('removed'))
    expect(removed.length).toBeGreaterThan(10)
    expect(removed.every((line) => line.endsWith('\\u000d'))).toBe(true)
  })

  test('name binary input', () => {
    expect(changes(diffOf([sample('rsa-aes.p12')], samplePassphrase)).slice(0, 4)).toEqual([
      'file rsa-aes.p12',
      'removed [PKCS#12 archive]',
      'removed [Certificate shop.test, PKCS#12]',
      'removed [CA certificate Sample intermediate, PKCS#12]',
    ])
  })

  test('are absent if nothing can be served', () => {
    expect(cleanOf([sample('rsa.crt.pem')])).toBeNull()
  })

  test('stay short, however much is given', () => {
    const clean = cleanOf([sample('rsa.key.pem'), textFile('a.pem', sampleText('rsa.crt.pem').repeat(300))])
    expect(clean?.lines.length).toBeLessThan(1100)
    expect(clean?.omitted).toBeGreaterThan(1000)
  })
})

describe('no key is in the diff, wherever in the files it stands', () => {
  const key = sampleText('rsa.key.pem')
  const body = key.split('\n').slice(1, -2).join('\n')
  const certificate = sampleText('rsa.crt.pem')
  const hidden: Record<string, string> = {
    'in its block': key,
    'in the text before': `${body}\n${key}`,
    'in the text after': `${key}${body}`,
    'without its first line': `${key}${body}\n-----END PRIVATE KEY-----\n`,
    'under another label': `${key}${key.replaceAll('PRIVATE KEY', 'CERTIFICATE')}`,
    'under a label nobody knows': `${key}${key.replaceAll('PRIVATE KEY', 'DATA')}`,
    'after a certificate, in its block': `${key}${certificate.replace('-----END', `${body}\n-----END`)}`,
    'in the headers of a certificate': `${key}${certificate.replace('\n', `\nKey: ${body.replaceAll('\n', '\n ')}\n\n`)}`,
  }

  test.each(Object.entries(hidden))('%s', (_, text) => {
    const { report } = openIntake([textFile('all.pem', `${certificate}${text}`)])
    expect(report.clean).not.toBeNull()
    expect(foundInText(JSON.stringify(report), needlesOf(key)).length).toBe(0)
  })
})
