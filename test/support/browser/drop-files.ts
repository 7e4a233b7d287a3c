import type { Page } from 'playwright-core'

/** Drags files of the disk onto a point of the page, by the browser's own drag events. */
export async function dropFiles(page: Page, at: { x: number; y: number }, files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const event = { ...at, data: { items: [], files, dragOperationsMask: 1 } }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { ...event, type })
  }
  await session.detach()
}
