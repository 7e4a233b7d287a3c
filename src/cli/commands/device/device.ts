import { type Flags, type OptionsOf, runs } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { chosenAddress } from '../../../engine/lan/lan-address.ts'
import { type GlobalOptions, usageError } from '../../frame/command.ts'
import { printError, printLine, report } from '../../output/output.ts'
import { moment } from '../../output/times.ts'
import { withEngine } from '../../session.ts'
import type { DeviceServer } from './device-server.ts'
import type { VisitEvent } from './device-visits.ts'

const longestMinutes = 60

const examples = `
Examples:
  $ edgekeep trust device
  $ edgekeep trust device --address 192.168.1.5 --minutes 20

Exit status: 0 a device was seen to trust the authority, 1 none was.`

const deviceFlags = {
  '--address <ip>': 'private IPv4 address to serve it on (default: the only one of this computer)',
  '--minutes <number>': { about: `how long, up to ${longestMinutes}`, default: '10' },
} as const satisfies Flags
type DeviceOptions = OptionsOf<typeof deviceFlags>

export const deviceCommand = runs('device', {
  summary: 'let a phone or another device trust the local authority',
  about:
    'Serve a page to the network of one address for some minutes, from which a phone or another computer gets the root’s certificate: scan the QR code, install it by the steps of its system, and check there whether it is trusted. Each device that opens the page is shown here. Nothing else is served, and the edge stays on this computer.',
  flags: deviceFlags,
  help: examples,
  run: trustDevice,
})

async function trustDevice(global: GlobalOptions, options: DeviceOptions): Promise<number> {
  const json = global.json ?? false
  const address = chosenAddress(options.address)
  const minutes = minutesOf(options.minutes)
  const [{ startDeviceServer }, { probeCertificate }] = await Promise.all([
    import('./device-server.ts'),
    import('./probe-certificate.ts'),
  ])
  const material = await withEngine(global, async ({ client }) => {
    const authority = await client.authority.get()
    if (!authority) throw new EdgekeepError('authority.none', {})
    return { rootPem: authority.root.pem, certificate: await probeCertificate(client, address) }
  })
  const changed = (event: VisitEvent) =>
    printError(
      json
        ? JSON.stringify({ type: 'visit', ...event })
        : `${event.system} at ${event.address}: ${event.sentence}`,
    )
  const server = await startDeviceServer({ address, ...material, changed }).catch((error: unknown) => {
    throw usageError(`Nothing can listen on ${address} here.`, error)
  })
  try {
    const until = new Date(Date.now() + minutes * 60_000)
    await announce(server, until, json)
    await ended(until)
  } finally {
    server.close()
  }
  const trusted = server.trusted()
  const no = trusted > 0 ? undefined : new EdgekeepError('trust.not_all', { names: ['any device'] })
  return report({ data: { trusted }, text: `Devices that trust Edgekeep: ${trusted}.`, no }, json)
}

async function announce(
  { pageAddress, fingerprint }: DeviceServer,
  until: Date,
  json: boolean,
): Promise<void> {
  if (json) {
    const page = { type: 'page', address: pageAddress, fingerprint, expiresAt: until.toISOString() }
    return printError(JSON.stringify(page))
  }
  const { encodeQR } = await import('qr')
  printLine(encodeQR(pageAddress, 'ascii', { border: 2 }))
  printError(
    `Scan this with the device, or open this address there:\n\n  ${pageAddress}\n\nOthers in the network could alter the page. Trust the certificate only if the device shows this SHA-256 fingerprint for it:\n\n  ${fingerprint}\n\nIt works until ${moment(until.toISOString())}. Press Ctrl-C to stop.`,
  )
}

/** Resolves at `until`, or at Ctrl-C. A timer for the whole time would stand still while the computer sleeps. */
async function ended(until: Date): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setInterval(() => {
    if (Date.now() >= until.getTime()) resolve()
  }, 1_000)
  process.once('SIGINT', resolve)
  await promise
  clearInterval(timer)
  process.off('SIGINT', resolve)
}

/** @throws `usage.wrong` */
function minutesOf(text: string): number {
  const minutes = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (minutes >= 1 && minutes <= longestMinutes) return minutes
  throw usageError(`--minutes "${text}" is not a number from 1 to ${longestMinutes}.`)
}
