import type { Domain } from '../../../contract/domains/domains.ts'
import type { Client } from '../../../client/client.ts'
import { httpsCommand, issuingSuffixes, outsideScope } from '../../../domain/issuing-scope.ts'
import { facts, group, keys } from '../../frame/declare.ts'
import { formatOrigin } from '../../../domain/origin-text.ts'
import { verificationState } from '../../../domain/verification-state.ts'
import { formatDomain, formatEffect } from '../../output/format.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { confirmRelease } from '../../flags/confirmation.ts'
import { changedOrigin, givenOrigin, originFlags, type OriginOptions } from '../../flags/origin.ts'
import { oneOrMany, type TargetOptions, targetFlags } from '../../bulk/targets.ts'
import { addMany } from './add-many.ts'
import { releaseMany } from './https-many.ts'
import { domainListCommand } from './list.ts'
import { domainTagCommand } from './tag.ts'
import { domainHistoryCommand } from '../cert/records.ts'

export const domainCommands = group('domain', 'manage domains', [
  keys('add [name...]', {
    summary: 'add domains',
    about:
      'Add domains: an exact name (shop.test) or a wildcard for one label (*.shop.test). They are served over HTTP immediately. A CSV file has columns of name, origin, certificate (a reference, or "free") and tags.',
    flags: { ...originFlags, ...targetFlags({ chooses: false }) },
    examples: [
      'domain add shop.test --origin http://127.0.0.1:3000',
      'domain add a.test b.test c.test --origin 3000',
      'domain add --file domains.csv --dry-run',
    ],
    run: oneOrMany(add, addMany),
  }),
  domainListCommand,
  facts('show <domain>', { about: 'Show one domain.', examples: ['domain show shop.test'], run: show }),
  keys('set <domain>', {
    summary: "change a domain's origin",
    about: 'Change a domain’s origin. Options you leave out do not change.',
    flags: originFlags,
    examples: ['domain set shop.test --origin https://staging.example.com --host-header staging.example.com'],
    run: set,
  }),
  keys('remove [domain...]', {
    summary: 'remove domains, with their certificates and keys',
    about:
      'Remove domains, with their certificates and keys unless they are used elsewhere or kept. Shows what will be erased and asks first.',
    flags: targetFlags(),
    examples: [
      'domain remove shop.test',
      'domain remove shop.test --yes',
      'domain remove --tag old --dry-run',
    ],
    run: oneOrMany(remove, (session, names, options) =>
      releaseMany(session, names, { ...options, act: 'remove' }),
    ),
  }),
  domainTagCommand,
  domainHistoryCommand,
])

async function add({ client }: Session, name: string, options: OriginOptions): Promise<Result> {
  if (!options.origin) {
    throw usageError('Give the origin: --origin http://127.0.0.1:3000.')
  }
  const origin = givenOrigin(options.origin, options)
  const { domain, effect } = await client.domains.add({ name, origin })
  const text = `Added ${domain.displayName} → ${formatOrigin(domain.origin)}. ${formatEffect(effect)}`
  // A build may create the folder later; a typing mistake is reported now.
  const test = origin.protocol === 'folder' ? await client.domains.testOrigin({ domain: name, origin }) : null
  const warning = test?.ok === false ? `\nWarning: ${test.seen}` : ''
  const next = `\nNext: ${await nextStep(client, domain)}`
  return { data: { domain, effect }, text: text + warning + next }
}

/** Setup issues a free certificate, which the local authority may refuse for this name. */
async function nextStep(client: Client, { name, displayName }: Domain): Promise<string> {
  const suffixes = issuingSuffixes(await client.authority.get())
  const outside = outsideScope([name], suffixes)
  return outside
    ? `${httpsCommand(name, suffixes)}\nFor a free certificate: ${outside.message}`
    : `"edgekeep setup ${displayName}" sets up trusted HTTPS for it. It shows the changes first.`
}

async function show({ client }: Session, name: string): Promise<Result> {
  const domain = await client.domains.get({ domain: name })
  const verification = verificationState(domain, new Date())
  const [tested] = await client.setup.tested({ domains: [domain.name] })
  const clients = tested?.clients ?? []
  return { data: { domain, verification, clients }, text: formatDomain(domain, clients) }
}

async function set({ client }: Session, name: string, options: OriginOptions): Promise<Result> {
  const { origin: now } = await client.domains.get({ domain: name })
  const { domain, effect } = await client.domains.setOrigin({
    domain: name,
    origin: changedOrigin(now, options),
    read: now,
  })
  const text = `${domain.displayName} → ${formatOrigin(domain.origin)}. ${formatEffect(effect)}`
  return { data: { domain, effect }, text }
}

async function remove(session: Session, name: string, { yes }: TargetOptions): Promise<Result> {
  const { client } = session
  const domain = await client.domains.get({ domain: name })
  await confirmRelease(session, domain, { act: `Remove ${domain.displayName}`, yes })
  const { erased, effect } = await client.domains.remove({ domain: name })
  const text = `Removed ${domain.displayName}.${erased.length ? ` Erased with it: ${erased.join(', ')}.` : ''} ${formatEffect(effect)}`
  return { data: { erased, effect }, text }
}
