import { EdgekeepError } from '../../contract/errors/registry.ts'
import { NoBrowserError, openSiteBrowser, type Site } from './site-browser.ts'
import { edgePorts } from '../core/core.ts'
import { domainRow } from '../domains/domains.ts'
import type { NamesNeeds } from './needs.ts'
import { hostEnvironmentOf, wantedRoots } from '../trust/atlas.ts'
import { openProxy } from './proxy.ts'
import { chosenNames } from './names.ts'

/**
 * Site data for a domain, or a name below a wildcard; opens the CONNECT endpoint.
 * @throws `domain.invalid`, `names.not_served`, `edge.not_running`
 */
export async function siteOf(parts: NamesNeeds, name: string): Promise<Site> {
  const edge = edgePorts(parts)
  const [served] = chosenNames(parts, [name])
  if (!served) throw new TypeError('A name that was asked for is served or refused')
  const wanted = wantedRoots(parts)
  return {
    host: served.host,
    isSecure: domainRow(parts, served.domain).httpsState === 'on',
    domains: parts.vault.domains.list().map((row) => row.name),
    edge,
    proxyPort: await openProxy(parts, 0),
    roots: wanted ? [wanted.current, ...wanted.retired].map(({ pem }) => pem) : [],
  }
}

/**
 * Opens a domain in a browser with a temporary profile, for the window.
 * @throws the errors of `siteOf`, and `names.no_browser`
 */
export async function openSite(
  parts: NamesNeeds,
  name: string,
): Promise<{ browser: string; address: string }> {
  const site = await siteOf(parts, name)
  try {
    const browser = await openSiteBrowser(site, { hostEnvironment: hostEnvironmentOf(parts) })
    parts.siteBrowsers.add(browser)
    return { browser: browser.name, address: browser.address }
  } catch (error) {
    if (!(error instanceof NoBrowserError)) throw error
    throw new EdgekeepError('names.no_browser', { reason: error.message }, { cause: error })
  }
}
