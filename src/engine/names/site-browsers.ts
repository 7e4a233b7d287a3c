import type { SiteBrowser } from './site-browser.ts'

/** Browsers that this engine has opened, closed at its end. */
export interface SiteBrowsers {
  add(browser: SiteBrowser): void
  close(): void
}

export function createSiteBrowsers(): SiteBrowsers {
  const open = new Set<SiteBrowser>()
  return {
    add(browser) {
      open.add(browser)
      void browser.closed.then(() => open.delete(browser))
    },
    close() {
      for (const browser of open) browser.close()
    },
  }
}
