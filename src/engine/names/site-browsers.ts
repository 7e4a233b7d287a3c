import type { SiteBrowser } from './site-browser.ts'

/** Browsers that this engine has opened, closed at its end. */
export type SiteBrowsers = ReturnType<typeof createSiteBrowsers>

export function createSiteBrowsers() {
  const open = new Set<SiteBrowser>()
  return {
    add(browser: SiteBrowser) {
      open.add(browser)
      void browser.closed.then(() => open.delete(browser))
    },
    close() {
      for (const browser of open) browser.close()
    },
  }
}
