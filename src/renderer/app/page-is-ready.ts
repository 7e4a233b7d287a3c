/**
 * Resolves once the document is parsed and its style sheets have loaded. The script waits for neither, so
 * that the empty frame is painted early. A style sheet that fails to load does not block.
 */
export async function pageIsReady(): Promise<void> {
  if (document.readyState === 'loading') await event(document, 'DOMContentLoaded')
  const links = document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')
  const coming = [...links].filter(({ sheet }) => sheet === null)
  await Promise.all(coming.map((link) => Promise.race([event(link, 'load'), event(link, 'error')])))
}

function event(target: EventTarget, name: string): Promise<unknown> {
  return new Promise((resolve) => target.addEventListener(name, resolve, { once: true }))
}
