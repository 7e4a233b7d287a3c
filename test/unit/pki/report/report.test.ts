import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openIntake } from '../../../../src/pki/intake/intake.ts'
import { makeReport, type ReportFormat } from '../../../../src/pki/report/report.ts'
import { markup } from '../../../../src/pki/report/markup.ts'
import { commonName, makeCertificate, makeKeys, moment } from '../../../support/pki/certificate-maker.ts'
import { toPem } from '../../../../src/pki/formats/convert.ts'
import { foundInText, needlesOf } from '../../../support/pki/needles.ts'
import { sample, sampleText } from '../../../support/pki/samples.ts'

type Given = { name: string; bytes: Uint8Array }[]

function reportOf(files: Given, format: ReportFormat): string {
  const intake = openIntake(files)
  const root = Buffer.from(sampleText('root.crt.pem').replace(/-----[^-]+-----/g, ''), 'base64')
  const trusted = { name: 'the given roots', certificates: [root], lenient: true }
  try {
    const about = { files: files.map(({ name }) => name), at: moment, version: '1.2.3', host: 'shop.test' }
    return makeReport({ ...about, intake, anchors: [trusted], publicRoots: trusted }, format).text
  } finally {
    intake[Symbol.dispose]()
  }
}

const shop = ['rsa.crt.pem', 'rsa.key.pem', 'intermediate.crt.pem', 'root.crt.pem'].map((name) =>
  sample(name),
)
const hostileName = '<script>alert(1)</script>"\'&\u202e\u0007'
const hostile: Given = [
  {
    name: '<img src=x>.pem',
    bytes: Buffer.from(
      toPem(
        makeCertificate({ subject: commonName(hostileName), names: ['<b>.test'], keys: makeKeys('ec') }).der,
      ),
    ),
  },
]

describe('the HTML report', () => {
  const html = reportOf(shop, 'html')

  test('begins with the fault, then who would accept it, until when, the lint and the facts', () => {
    const order = [
      'class="headline',
      'Who would accept it',
      'Until when',
      '<h2>Lint</h2>',
      'What is in the files',
    ]
    const places = order.map((text) => html.indexOf(text))
    expect(places.every((place) => place > 0)).toBe(true)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  test('is complete in itself and allows itself nothing but its own style', () => {
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|\bhref=|\bon\w+=|url\(/)
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(html) ?? []
    const styleHash = createHash('sha256').update(style).digest('base64')
    expect(html).toContain(`style-src &#39;sha256-${styleHash}&#39;`)
    expect(html).toContain('default-src &#39;none&#39;')
  })

  test('shows names as people write them, with what stands in the certificate, and imitations in ASCII', () => {
    const [name, lookAlike] = ['xn--bcher-kva.test', 'xn--80ak6aa92e.com']
    const { der } = makeCertificate({
      subject: commonName(name),
      names: [name, `*.${name}`, lookAlike],
      keys: makeKeys('ec'),
    })
    const page = reportOf([{ name: 'idn.pem', bytes: Buffer.from(toPem(der)) }], 'html')
    expect(page).toContain('<h1>Certificate report: bücher.test</h1>')
    expect(page).toContain(`bücher.test (${name}), *.bücher.test (*.${name}), ${lookAlike}</td>`)
    expect(page).toContain(`Use it for bücher.test, *.bücher.test, ${lookAlike}, or get one`)
    expect(page).toContain(`CN=${name}</td>`)
  })

  test('lets nothing of what others wrote become markup', () => {
    const page = reportOf(hostile, 'html')
    expect(page).not.toContain('<script>alert')
    expect(page).not.toContain('<img')
    expect(page).not.toContain('<b>.test')
    expect(page).not.toMatch(/[\u0007\u202e]/)
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;')
  })
})

describe('the JSON report', () => {
  test('holds all of it', () => {
    expect(JSON.parse(reportOf(shop, 'json'))).toMatchObject({
      product: { name: 'Edgekeep', version: '1.2.3' },
      host: 'shop.test',
      diagnosis: { sentence: expect.any(String) },
      sites: [{ title: 'shop.test', timeline: { clients: expect.any(Array) }, preflight: expect.any(Array) }],
      lint: { certificates: expect.any(Array) },
    })
  })
})

describe('the SARIF report', () => {
  interface Log {
    runs: {
      tool: { driver: { rules: { id: string; help: { text: string } }[] } }
      results: { ruleId: string; ruleIndex: number; level: string; message: { text: string } }[]
    }[]
  }
  const [run] = (JSON.parse(reportOf(shop, 'sarif')) as Log).runs

  test('describes every rule once, and each result points to its own', () => {
    const rules = run!.tool.driver.rules
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
    expect(run!.results.length).toBeGreaterThan(0)
    for (const { ruleId, ruleIndex, level, message } of run!.results) {
      expect(rules[ruleIndex]?.id).toBe(ruleId)
      expect(level).toMatch(/^(error|warning|note)$/)
      expect(message.text).toMatch(/^\S/)
    }
  })
})

test.each(['html', 'json', 'sarif'] as const)('no key is in the report as %s', (format) => {
  expect(foundInText(reportOf(shop, format), needlesOf(sampleText('rsa.key.pem')))).toEqual([])
})

test.each(['html', 'json', 'sarif'] as const)(
  'files with no certificate make a report as %s too',
  (format) => {
    expect(reportOf([sample('p256.request.pem')], format)).toContain(
      format === 'sarif' ? '"results": []' : 'request',
    )
  },
)

test('markup escapes all text but its own tags', () => {
  const inner = markup`<i>${'<a>'}</i>`
  expect(markup`${inner}${['"', inner]}${null}${false}${undefined}${0}`.source).toBe(
    '<i>&lt;a&gt;</i>&quot;<i>&lt;a&gt;</i>0',
  )
})
