import { type Flags, type OptionsOf, group, keys } from '../../frame/declare.ts'
import { formatOrigin } from '../../../domain/origin-text.ts'
import type { OriginsPolicy } from '../../../contract/domains/origins.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { table, formatEffect } from '../../output/format.ts'
import { givenOrigin, originForms, originDetailFlags } from '../../flags/origin.ts'
import { changePolicies } from './change-policies.ts'

const routeFlags = {
  ...originDetailFlags,
  '--strip-path': 'strip the path: /api/users becomes /users',
} as const satisfies Flags
type RouteOptions = OptionsOf<typeof routeFlags>

export const routeCommands = group('route', 'paths of a domain that go to another origin', [
  keys('add <domain> <path> <url>', {
    summary: 'send a path, and everything below it, to another origin',
    about: `Send requests for a path, and everything below it, to another origin. The longest matching path wins. URL is ${originForms}.`,
    flags: routeFlags,
    examples: [
      'route add shop.test /api http://127.0.0.1:4000 --strip-path',
      'route add shop.test /docs file:///srv/docs --strip-path',
    ],
    run: (session, name: string, path: string, url: string, options: RouteOptions) =>
      changed(session, name, (origins) => {
        const others = origins.routes.filter((one) => one.path !== path)
        const stripPath = options.stripPath ?? false
        return { ...origins, routes: [...others, { path, origin: givenOrigin(url, options), stripPath }] }
      }),
  }),
  keys('remove <domain> <path>', {
    about: 'Remove a path, so that its requests go to the domain’s origin again.',
    examples: ['route remove shop.test /api'],
    run: (session, name: string, path: string) =>
      changed(session, name, (origins) => {
        const routes = origins.routes.filter((one) => one.path !== path)
        if (routes.length === origins.routes.length) {
          throw usageError(`${name} has no route for ${path}.`)
        }
        return { ...origins, routes }
      }),
  }),
])

async function changed(
  session: Session,
  name: string,
  change: (origins: OriginsPolicy) => OriginsPolicy,
): Promise<Result> {
  const { domain, effect } = await changePolicies(session, name, ({ policies }) => ({
    origins: change(policies.origins),
  }))
  const rows = domain.policies.origins.routes.map((route) => [
    route.path,
    formatOrigin(route.origin),
    route.stripPath ? 'stripped' : 'sent',
  ])
  const text = table(['PATH', 'ORIGIN', 'PREFIX'], [...rows, ['/', formatOrigin(domain.origin), 'sent']])
  return { data: { domain, effect }, text: `${text}\n${formatEffect(effect)}` }
}
