import { z } from 'zod'
import { visibleText } from '../text/visible-text.ts'
import { define, none } from './define.ts'

/** Access for other devices of the network. */
export const lanErrors = {
  'lan.address_unusable': define(
    'input',
    z.object({ address: z.string() }),
    (d) => `${visibleText(d.address)} is not a private IPv4 address of this computer.`,
  ),
  'lan.name_unusable': define(
    'input',
    z.object({ name: z.string(), reason: z.string() }),
    (d) =>
      `No other device can open ${visibleText(d.name)}: ${d.reason}. Add a domain such as shop.local for them.`,
  ),
  'lan.no_network': define('state', none, () => 'This computer is in no network that a phone could be in.'),
  'lan.several_networks': define(
    'input',
    z.object({ addresses: z.array(z.string()) }),
    (d) =>
      `This computer has several addresses; choose the one in the device’s network: ${d.addresses.map((each) => `--address ${each}`).join(' or ')}`,
  ),
  'lan.not_listening': define(
    'trouble',
    z.object({ address: z.string(), port: z.number(), code: z.string() }),
    (d) =>
      `The edge cannot listen on ${d.address}, port ${d.port}: ${listenReasons.get(d.code) ?? d.code}. Other devices do not reach it there.`,
  ),
} as const

const listenReasons = new Map([
  ['EADDRINUSE', 'another program has the port'],
  ['EADDRNOTAVAIL', 'this computer does not have the address'],
  ['left', 'this computer is not in that network now; it listens again once it is back'],
  ['ended', 'this computer left that network, which ended it; turn it on again'],
  ['EACCES', 'the port needs privileges that this user does not have'],
])
