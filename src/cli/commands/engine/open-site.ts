import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { asEdgekeepError } from '../../../client/client.ts'
import { connectEngine } from '../../../engine-process/connect.ts'
import { openHome } from '../../../engine-process/home.ts'
import { NoBrowserError, openSiteBrowser, type SiteBrowser } from '../../../engine/names/site-browser.ts'
import { type GlobalOptions, usageError } from '../../frame/command.ts'
import { printError, printLine, reportFailure } from '../../output/output.ts'
import type { StartOptions } from '../../flags/start.ts'
import { withRunningEngine } from './foreground.ts'

type SiteOptions = StartOptions & { with?: string }

/**
 * Opens a domain in a browser with a throwaway profile, until the browser is closed. Starts an engine unless
 * one runs.
 */
export async function openSite(global: GlobalOptions, options: SiteOptions, name: string): Promise<number> {
  const kind = kindOf(options.with)
  const home = openHome(global.home)
  const say = global.json ? printError : printLine
  const lost = await withRunningEngine(home, options, async ({ end }) => {
    const browser = await opened(home, name, kind)
    say(`${browser.name} shows ${browser.address} with a profile of its own, which goes when it is closed.`)
    try {
      return await Promise.race([end, browser.closed.then(() => null)])
    } finally {
      browser.close()
      await browser.closed
    }
  })
  if (lost) return reportFailure(lost, global.json ?? false)
  if (global.json) printLine(JSON.stringify({ ok: true }))
  return 0
}

function kindOf(wanted: string | undefined): 'chromium' | 'firefox' | undefined {
  if (wanted === undefined || wanted === 'chromium' || wanted === 'firefox') return wanted
  throw usageError('--with takes chromium or firefox.')
}

async function opened(
  home: ReturnType<typeof openHome>,
  name: string,
  kind: 'chromium' | 'firefox' | undefined,
): Promise<SiteBrowser> {
  const connection = await connectEngine(home)
  if (!connection) throw new EdgekeepError('edge.not_running', {})
  try {
    const site = await connection.client.names.site({ name })
    const { env, platform } = process
    const hostEnvironment = { platform, env, home: env.HOME ?? '', folder: `${home.folder}/trust` }
    return await openSiteBrowser(site, { hostEnvironment, kind })
  } catch (error) {
    if (error instanceof NoBrowserError)
      throw new EdgekeepError('names.no_browser', { reason: error.message }, { cause: error })
    throw error instanceof EdgekeepError ? error : asEdgekeepError(error)
  } finally {
    await connection.close()
  }
}
