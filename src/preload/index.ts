import { contextBridge, ipcRenderer } from 'electron'
import type { OpenedFiles } from '../contract/opened-files.ts'
import type { WindowPlace } from '../contract/window-places.ts'

/*
 * Sandboxed and CommonJS. The page gets two calls without arguments, that ask for a port to the engine and
 * for the files that the operating system opened with the app, and what they ask for, as messages to its own
 * window. It gets no channel, no event, no Electron object and no path.
 */

contextBridge.exposeInMainWorld('edgekeepDesktop', {
  requestPort: () => ipcRenderer.send('edgekeep:request-port'),
  requestFiles: () => ipcRenderer.send('edgekeep:request-files'),
})

ipcRenderer.on('edgekeep:port', (event) => {
  window.postMessage('edgekeep:port', '/', event.ports)
})

ipcRenderer.on('edgekeep:go', (_event, place: WindowPlace) => window.postMessage({ edgekeepGo: place }, '/'))

ipcRenderer.on('edgekeep:files-waiting', () => window.postMessage('edgekeep:files-waiting', '/'))

// As `File`s they are handles, like those of a drop: the page holds no bytes, and reads them when it sends them.
ipcRenderer.on('edgekeep:files', (_event, { files, refused }: OpenedFiles) => {
  const handles = files.map(({ name, bytes, lastModified }) => new File([bytes], name, { lastModified }))
  window.postMessage({ edgekeepFiles: handles, refused }, '/')
})
