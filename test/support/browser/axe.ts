import axe from 'axe-core'
import type { Page } from 'playwright-core'

interface Violation {
  id: string
  impact: string | null
  help: string
  nodes: { target: string[] }[]
}

export const wcag = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }

/** Rules that depend on colours, which differ between light and dark. */
export const ofColors = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

/** Waits for animations, also those that begin in the next frame: half-way through one, colours fail. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`)
  const moving = `document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity).length`
  while ((await page.evaluate(moving)) !== 0) await page.waitForTimeout(50)
}

/** Runs axe on a page at rest, by WCAG 2.2 A and AA; one sentence for each violation. */
export async function axeViolations(page: Page, runOnly = wcag): Promise<string[]> {
  if (!(await page.evaluate(`'axe' in window`))) await page.evaluate(axe.source)
  const found = await page.evaluate(
    `axe.run({ runOnly: ${JSON.stringify(runOnly)}, resultTypes: ['violations'] }).then((r) => r.violations)`,
  )
  return (found as Violation[]).map(
    ({ id, impact, help, nodes }) =>
      `${impact} ${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join('; ')})`,
  )
}
