import { expect, test } from 'vitest'
import { readPropertyList } from '../../../../src/engine/trust/stores/property-list.ts'
import { trustSettingsIn } from '../../../../src/engine/trust/stores/trust-settings.ts'
import { cpuTimeMs } from '../../../support/processes/cpu-time.ts'

const head = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Not said by Apple: <dict> -->
`
const plist = (inner: string) => `${head}<plist version="1.0">\n${inner}\n</plist>\n`

test('a property list is read with each kind of value', () => {
  const inner = `<dict>
    <key>a &amp;lt; b</key><string> kept <!-- and this left out -->so </string>
    <key>data</key><data>\n\tAQ\n\tID\n</data>
    <key>list</key><array><integer>3</integer><real>1.5</real><true/><false /><string/><array/></array>
    <key>date</key><date>2026-11-26T00:00:00Z</date>
    <key>none</key><dict/>
  </dict>`
  expect(readPropertyList(plist(inner))).toEqual(
    new Map<string, unknown>([
      ['a &lt; b', ' kept so '],
      ['data', 'AQID'],
      ['list', [3, 1.5, true, false, '', []]],
      ['date', '2026-11-26T00:00:00Z'],
      ['none', new Map()],
    ]),
  )
})

test.each([
  ['a comment without an end', `<plist>${'<!--'.repeat(100_000)}`],
  ['an element without an end', `<plist>${'<dict'.repeat(100_000)}`],
  ['a declaration without an end', '<!'.repeat(100_000)],
  ['an element of another name', plist('<dicts/>')],
  ['an entity of its own', '<!DOCTYPE plist [<!ENTITY a "b">]><plist><string>&a;</string></plist>'],
  ['raw text', plist('<string><![CDATA[a]]></string>')],
  ['a key without a value', plist('<dict><key>a</key></dict>')],
  ['a second value', plist('<true/><true/>')],
  ['more after its end', `${plist('<true/>')}<true/>`],
  ['nothing', ''],
])('%s is refused at once', (_, xml) => {
  const refusal = new TypeError('This is not a property list in XML.')
  expect(cpuTimeMs(() => expect(() => readPropertyList(xml)).toThrow(refusal))).toBeLessThan(500)
})

test('a certificate by the name of what every object has is one as others are', () => {
  const entry = (key: string) => `<key>${key}</key><dict><key>trustSettings</key><array/></dict>`
  const list = `<dict><key>trustList</key><dict>${entry('__proto__')}${entry('CONSTRUCTOR')}</dict></dict>`
  const settings = trustSettingsIn(plist(list))
  expect([...settings]).toEqual([
    ['__proto__', 'trusted'],
    ['constructor', 'trusted'],
  ])
  expect(() => trustSettingsIn(plist('<dict><key>__proto__</key><dict/></dict>'))).toThrow(
    'These are not trust settings.',
  )
})
