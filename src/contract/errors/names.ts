import { z } from 'zod'
import { readableName } from '../text/readable-name.ts'
import { visibleText } from '../text/visible-text.ts'
import { define, none } from './define.ts'

/** Names on this computer with their ports, and access for other devices of the network. */
export const namesErrors = {
  'names.not_here': define(
    'state',
    z.object({ names: z.array(z.string()) }),
    (d) => `Not pointed to the edge: ${d.names.map(readableName).join(', ')}. See the reason beside each.`,
  ),
  'names.unanswered': define(
    'state',
    z.object({ name: z.string() }),
    (d) => `The look-up of ${readableName(d.name)} had no answer in time, so where it points is not known.`,
  ),
  'names.not_served': define(
    'input',
    z.object({ name: z.string() }),
    (d) =>
      `No domain here serves ${readableName(d.name)}. Add it with "edgekeep domain add ${readableName(d.name)} --origin http://127.0.0.1:3000".`,
  ),
  'names.no_browser': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `No browser could be opened. ${d.reason}`,
  ),
  'names.suffix_refused': define(
    'input',
    z.object({ suffix: z.string(), reason: z.string() }),
    (d) => `Names below ${readableName(d.suffix)} cannot be pointed here as a whole: ${d.reason}.`,
  ),
  'ports.not_standard': define(
    'state',
    z.object({ sentences: z.array(z.string()) }),
    (d) => `Some addresses need a port number: the edge is not on both 443 and 80. ${d.sentences.join(' ')}`,
  ),
  'setup.not_all': define(
    'state',
    z.object({ titles: z.array(z.string()) }),
    (d) => `Not done: ${d.titles.join(', ')}. See the reason beside each.`,
  ),
  'setup.not_green': define(
    'state',
    z.object({ domains: z.array(z.string()) }),
    (d) => `Not green: ${d.domains.join(', ')}. The reason is beside each client.`,
  ),
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
}

const listenReasons = new Map([
  ['EADDRINUSE', 'another program has the port'],
  ['EADDRNOTAVAIL', 'this computer does not have the address'],
  ['left', 'this computer is not in that network now; it listens again once it is back'],
  ['ended', 'this computer left that network, which ended it; turn it on again'],
  ['EACCES', 'the port needs privileges that this user does not have'],
])
