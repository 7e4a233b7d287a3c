import type { Locator, Page } from 'playwright-core'

/** Reason why the focus is invisible; null if it is visible. */
const unseenFocus = `(() => {
  const element = document.activeElement
  if (!element || element === document.body) return 'it is nowhere'
  const style = getComputedStyle(element)
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1
  const field = element.matches('input, textarea, select') && style.boxShadow !== 'none'
  if (!ring && !field) return 'it has no ring'
  const { top, bottom, left, right, width, height } = element.getBoundingClientRect()
  const inView = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth
  return width > 0 && height > 0 && inView ? null : 'it is out of view'
})()`

/** Name of the focused element, for failure messages. */
const focused = `document.activeElement?.getAttribute('aria-label') || document.activeElement?.innerText || document.activeElement?.outerHTML.slice(0, 120)`

/** Drives a page by keyboard alone. Each step checks that the focus is at its target, and visible. */
export function keyboardAt(page: Page) {
  const has = async (target: Locator) => (await target.and(page.locator(':focus')).count()) > 0

  /** Waits until `target` has the focus; throws with the element that has it instead. */
  const isAt = async (target: Locator) => {
    try {
      await target.and(page.locator(':focus')).waitFor({ timeout: 20_000 })
    } catch {
      throw new Error(`The focus is not at ${String(target)} but at: ${await page.evaluate<string>(focused)}`)
    }
    const unseen = await page.evaluate<string | null>(unseenFocus)
    if (unseen !== null) throw new Error(`The focus at ${String(target)} is not seen: ${unseen}`)
  }

  const goTo = async (target: Locator, key = 'Tab') => {
    await target.waitFor()
    for (let presses = 0; presses < 40 && !(await has(target)); presses += 1) await page.keyboard.press(key)
    await isAt(target)
  }

  /** Pastes `text`, as from another program. */
  const paste = async (text: string) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`)
    await page.keyboard.press('ControlOrMeta+V')
  }

  return { isAt, goTo, goBackTo: (target: Locator) => goTo(target, 'Shift+Tab'), paste }
}
