import type { BrowserContext, Page } from 'playwright-core'
import { readyWithinMs, replaceIn } from './develop-run.ts'
import type { DevelopProject } from './develop-projects.ts'

/** Page of a project, a change of its source, its websocket and its form, in a Chromium that verifies. */
export async function seenBy(
  context: BrowserContext,
  address: string,
  at: string,
  project: DevelopProject,
): Promise<string> {
  const page = await context.newPage()
  const heard = new Set<string>()
  page.on('websocket', (socket) => socket.on('framereceived', () => heard.add(socket.url())))
  // A cold server compiles at the first request.
  await page.goto(address, { timeout: readyWithinMs })
  await page.getByText('first').waitFor({ timeout: readyWithinMs })
  const found = [
    project.form ? await posted(page, address) : null,
    project.updates === 'live' ? await updated(page, at, project) : await reloaded(page, at, project),
    project.hasWebSocket === false ? 'no websocket of its own' : `websocket ${heardFrom(heard, address)}`,
  ]
  return found.filter(Boolean).join(', ')
}

async function updated(page: Page, at: string, { shown }: DevelopProject): Promise<string> {
  // Live updates connect after the page has loaded.
  await page.waitForTimeout(3000)
  await page.evaluate('globalThis.isSamePage = true')
  replaceIn(at, shown, 'first', 'second')
  await page.getByText('second').waitFor({ timeout: readyWithinMs })
  const isSame = await page.evaluate<boolean>("'isSamePage' in globalThis")
  return isSame ? 'updated in place' : 'updated by a reload of its own'
}

/** A server without live updates shows the change at the next visit. */
async function reloaded(page: Page, at: string, { shown }: DevelopProject): Promise<string> {
  replaceIn(at, shown, 'first', 'second')
  const until = performance.now() + readyWithinMs
  while ((await page.getByText('second').count()) === 0) {
    if (performance.now() > until) throw new Error('the change did not come')
    await page.waitForTimeout(500)
    // It restarts meanwhile.
    await page.reload().catch(() => undefined)
  }
  return 'changed at a reload'
}

/** A form with the framework's own protection against forged requests. */
async function posted(page: Page, address: string): Promise<string> {
  const [response] = await Promise.all([
    page.waitForResponse((answer) => answer.request().method() === 'POST'),
    page.getByRole('button', { name: 'Send' }).click(),
  ])
  if (response.status() >= 400) throw new Error(`its form was refused with ${response.status()}`)
  await page.goto(address)
  return 'form accepted'
}

function heardFrom(heard: Set<string>, address: string): string {
  const { host } = new URL(address)
  const found = [...heard].find((url) => url.startsWith(`wss://${host}/`))
  if (found === undefined)
    throw new Error(`no websocket of ${host} was heard, only ${[...heard].join(', ') || 'none'}`)
  return new URL(found).pathname
}
