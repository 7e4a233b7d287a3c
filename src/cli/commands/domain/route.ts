import type { Command } from 'commander'
import { formatOrigin } from '../../../domain/origin-text.ts'
import type { OriginsPolicy } from '../../../contract/domains/origins.ts'
import { type Cli, type Session, type Result, usageError } from '../../frame/command.ts'
import { table, formatEffect } from '../../output/format.ts'
import { givenOrigin, originForms, withOriginDetails, type OriginDetails } from '../../flags/origin.ts'
import { changePolicies } from './change-policies.ts'

export function routeCommands(program: Command, cli: Cli): void {
  const route = program.command('route').description('paths of a domain that go to another origin')
  withOriginDetails(route.command('add <domain> <path> <url>'))
    .summary('send a path, and everything below it, to another origin')
    .description(
      `Send requests for a path, and everything below it, to another origin. The longest matching path wins. URL is ${originForms}.`,
    )
    .option('--strip-path', 'strip the path: /api/users becomes /users')
    .addHelpText(
      'after',
      '\nExamples:\n  $ edgekeep route add shop.test /api http://127.0.0.1:4000 --strip-path\n  $ edgekeep route add shop.test /docs file:///srv/docs --strip-path',
    )
    .action(
      cli.keys((session, name: string, path: string, url: string, options: RouteOptions) =>
        changed(session, name, (origins) => {
          const others = origins.routes.filter((one) => one.path !== path)
          const stripPath = options.stripPath ?? false
          return { ...origins, routes: [...others, { path, origin: givenOrigin(url, options), stripPath }] }
        }),
      ),
    )
  route
    .command('remove <domain> <path>')
    .description('Remove a path, so that its requests go to the domain’s origin again.')
    .addHelpText('after', '\nExample:\n  $ edgekeep route remove shop.test /api')
    .action(
      cli.keys((session, name: string, path: string) =>
        changed(session, name, (origins) => {
          const routes = origins.routes.filter((one) => one.path !== path)
          if (routes.length === origins.routes.length) {
            throw usageError(`${name} has no route for ${path}.`)
          }
          return { ...origins, routes }
        }),
      ),
    )
}

interface RouteOptions extends OriginDetails {
  stripPath?: boolean
}

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
    route.stripPath ? 'path stripped' : '',
  ])
  const text = table(['PATH', 'ORIGIN', ''], [...rows, ['/', formatOrigin(domain.origin), '']])
  return { data: { domain, effect }, text: `${text}\n${formatEffect(effect)}` }
}
