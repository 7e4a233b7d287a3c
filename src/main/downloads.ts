import { basename, extname, join } from 'node:path'
import { windowOrigin } from './app-protocol.ts'
import type { ElectronApi } from './electron-api.ts'

const kinds = new Map([
  ['.backup', 'Backup'],
  ['.csv', 'Table'],
  ['.har', 'Archive of traffic'],
  ['.html', 'Page'],
  ['.json', 'JSON'],
  ['.p7b', 'Certificates (PKCS #7)'],
  ['.pem', 'Certificates (PEM)'],
  ['.crt', 'Certificate'],
  ['.cer', 'Certificate'],
  ['.der', 'Certificate (DER)'],
  ['.sarif', 'SARIF'],
  ['.yaml', 'YAML'],
  ['.zip', 'Archive'],
])

/**
 * Saves only files that the window's page made, at the path chosen in the system's dialog. `saved` gets the
 * path of each written file; a failed write opens an error box.
 */
export function askWhereToSave(
  { app, dialog }: Pick<ElectronApi, 'app' | 'dialog'>,
  session: Electron.Session,
  saved: (path: string) => void,
): void {
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${windowOrigin}/`)) return event.preventDefault()
    const name = item.getFilename()
    const extension = extname(name).toLowerCase()
    const kind = kinds.get(extension)
    item.setSaveDialogOptions({
      title: 'Save',
      defaultPath: join(app.getPath('downloads'), name),
      filters: [
        ...(kind === undefined ? [] : [{ name: kind, extensions: [extension.slice(1)] }]),
        { name: 'All files', extensions: ['*'] },
      ],
    })
    item.once('done', (_done, state) => {
      const path = item.getSavePath()
      if (state === 'completed') saved(path)
      if (state === 'interrupted')
        dialog.showErrorBox(
          'Edgekeep',
          `${basename(path) || name} could not be saved. Choose another folder and try again.`,
        )
    })
  })
}
