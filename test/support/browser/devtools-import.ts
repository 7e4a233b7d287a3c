import type { BrowserContext } from 'playwright-core'

export interface ImportedRequest {
  url: string
  method: string
  status: number
  durationMs: number
}

/** Imports an archive with "Import HAR file" of the developer tools in `context`'s own Chromium. */
export async function importIntoDevTools(
  context: BrowserContext,
  archive: string,
): Promise<ImportedRequest[]> {
  const page = await context.newPage()
  try {
    await page.goto('devtools://devtools/bundled/devtools_app.html')
    // Script text: the test's compiler would replace an `import`.
    const imported: unknown = await page.evaluate(`(async () => {
      const { HARFormat, Importer } = await import('devtools://devtools/bundled/models/har/har.js')
      const { log } = new HARFormat.HARRoot(JSON.parse(${JSON.stringify(archive)}))
      return Importer.Importer.requestsFromHARLog(log).map((request) => ({
        url: request.url(),
        method: request.requestMethod,
        status: request.statusCode,
        durationMs: request.duration * 1000,
      }))
    })()`)
    return imported as ImportedRequest[]
  } finally {
    await page.close()
  }
}
