import { expect, test } from 'vitest'
import type { CertificateSummary } from '../../../src/contract/domains/domains.ts'
import { formatEdgeState, edgeStateOf } from '../../../src/main/edge-state.ts'
import { trayMenu, type TrayActions } from '../../../src/main/tray.ts'
import { engineView, httpsDomain } from './engine-view.ts'

const nothing = () => undefined
const actions: TrayActions = {
  show: nothing,
  open: nothing,
  showInspector: nothing,
  pauseAll: nothing,
  resumeAll: nothing,
  lock: nothing,
  unlock: nothing,
  quit: nothing,
}

test.each([
  ['no engine answers', engineView({ running: false }), 'trouble', 'The engine does not answer'],
  ['nothing is on HTTPS', engineView({}), 'idle', 'No domain is on HTTPS'],
  ['one is', engineView({ domains: [httpsDomain('shop.test', 'on')] }), 'serving', '1 domain on HTTPS'],
  [
    'two of three are',
    engineView({
      domains: [httpsDomain('a.test', 'on'), httpsDomain('b.test', 'on'), httpsDomain('c.test', 'paused')],
    }),
    'serving',
    '2 domains on HTTPS',
  ],
  [
    'one is served with a certificate from the future',
    engineView({
      domains: [
        httpsDomain('shop.test', 'on', null, {
          notBefore: '2126-01-01T00:00:00.000Z',
          notAfter: '2127-01-01T00:00:00.000Z',
        } as CertificateSummary),
      ],
    }),
    'trouble',
    '1 domain served with a certificate that is not valid now',
  ],
  [
    'the origin of one does not answer',
    engineView({
      domains: [
        httpsDomain('a.test', 'on'),
        {
          ...httpsDomain('b.test', 'on'),
          originStates: [
            {
              ...{ address: 'http://127.0.0.1:3000', role: 'primary', state: 'down' },
              ...{ reason: 'It refuses connections', since: '2026-11-28T00:00:00.000Z', until: null },
            },
          ],
        },
      ],
    }),
    'trouble',
    'The origin of 1 domain is down',
  ],
  [
    'all are paused',
    engineView({ domains: [httpsDomain('shop.test', 'paused')] }),
    'paused',
    'HTTPS is paused for every domain',
  ],
  [
    'the vault is locked and the edge serves on',
    engineView({ locked: true, domains: [httpsDomain('shop.test', 'on')] }),
    'locked',
    'The vault is locked; HTTPS goes on',
  ],
  [
    'the vault is locked and every domain is paused',
    engineView({ locked: true, domains: [httpsDomain('shop.test', 'paused')] }),
    'locked',
    'The vault is locked; HTTPS is paused for every domain',
  ],
  [
    'the vault is locked and no domain is on HTTPS',
    engineView({ locked: true }),
    'locked',
    'The vault is locked',
  ],
  [
    'the vault is locked and the edge has no keys',
    engineView({
      locked: true,
      down: 1,
      problem: { code: 'edge.without_keys', message: 'No keys.' },
      domains: [httpsDomain('shop.test', 'on', 'vault-locked')],
    }),
    'locked',
    'HTTPS is down for 1 domain: the vault is locked',
  ],
  [
    'a key cannot be read, the edge has none for its domain',
    engineView({
      down: 1,
      problem: { code: 'edge.keys_unreadable', message: 'The vault holds keys that do not open.' },
      domains: [httpsDomain('shop.test', 'on', 'key-unreadable'), httpsDomain('b.test', 'on')],
    }),
    'trouble',
    'The vault holds keys that do not open.',
  ],
  [
    'a port is gone',
    engineView({ problem: { code: 'edge.port_taken', message: 'Port 8443 is taken by nginx.' } }),
    'trouble',
    'Port 8443 is taken by nginx.',
  ],
])('when %s, the tray says so', (_when, view, state, words) => {
  expect(edgeStateOf(view)).toBe(state)
  expect(formatEdgeState(view)).toBe(words)
})

test('the menu opens each domain on HTTPS at its port, a wildcard under a name of it', () => {
  const opened: string[] = []
  const menu = trayMenu(
    engineView({
      domains: [
        httpsDomain('shop.test', 'on'),
        httpsDomain('*.shop.test', 'on'),
        httpsDomain('off.test', 'off'),
      ],
    }),
    { ...actions, open: (url) => opened.push(url) },
  )
  const items = menu.filter(({ label }) => label?.startsWith('Open '))
  expect(items.map(({ label }) => label)).toEqual(['Open shop.test', 'Open *.shop.test'])
  for (const { click } of items) (click as () => void)()
  expect(opened).toEqual(['https://shop.test:8443/', 'https://www.shop.test:8443/'])
})

test('the menu stays short with many domains, and says how many more there are', () => {
  const domains = Array.from({ length: 40 }, (_, at) => httpsDomain(`site-${at}.test`, 'on'))
  const labels = trayMenu(engineView({ domains }), actions).map(({ label }) => label)
  expect(labels).toContain('28 more in the window')
  expect(labels.length).toBeLessThan(25)
})

test('unavailable menu items are greyed out', () => {
  const enabled = (view: ReturnType<typeof engineView>) =>
    Object.fromEntries(trayMenu(view, actions).map(({ label, enabled }) => [label, enabled]))
  expect(enabled(engineView({ domains: [httpsDomain('shop.test', 'on')] }))).toMatchObject({
    'Pause HTTPS for all domains': true,
    'Resume HTTPS for all domains': false,
    'Lock the vault': true,
  })
  const locked = enabled(engineView({ locked: true, domains: [httpsDomain('shop.test', 'paused')] }))
  expect(locked).toMatchObject({
    'Pause HTTPS for all domains': false,
    'Resume HTTPS for all domains': false,
  })
  expect(locked).not.toHaveProperty('Lock the vault')
})

test('a domain that is down is not offered to be opened, and the vault to be unlocked', () => {
  let unlocking = 0
  const down = httpsDomain('shop.test', 'on', 'vault-locked')
  const menu = trayMenu(engineView({ locked: true, down: 1, domains: [down] }), {
    ...actions,
    unlock: () => (unlocking += 1),
  })
  expect(menu.map(({ label }) => label)).not.toContain('Open shop.test')
  const click = menu.find(({ label }) => label === 'Unlock the vault…')?.click as (() => void) | undefined
  click?.()
  expect(unlocking).toBe(1)
})
