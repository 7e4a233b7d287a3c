import { contextBridge, ipcRenderer } from 'electron'
import type { MenuCommand, OpenedFiles, PageCommand, WindowPlace } from '../contract/engine/desktop.ts'

/*
 * Sandboxed and CommonJS. The page can request a port to the engine, the files that the operating system
 * opened with the app, and a handful of actions of the app, each by a command of its own. Only one call has a
 * value, the progress of its work. Replies come as messages to the page's own window. The page gets no
 * channel, no event, no Electron object and no path.
 */

const ask = (command: PageCommand) => () => ipcRenderer.send('edgekeep:command', command)

contextBridge.exposeInMainWorld('edgekeepDesktop', {
  requestPort: () => ipcRenderer.send('edgekeep:request-port'),
  requestFiles: () => ipcRenderer.send('edgekeep:request-files'),
  retryEngine: ask('retry-engine'),
  showLogs: ask('show-logs'),
  showGuide: ask('show-guide'),
  showSaved: ask('show-saved'),
  lookAtUpdates: ask('updates-look'),
  checkForUpdates: ask('updates-check'),
  downloadUpdate: ask('updates-download'),
  cancelUpdate: ask('updates-cancel'),
  restartToUpdate: ask('updates-restart'),
  showProgress: (progress: unknown) =>
    ipcRenderer.send(
      'edgekeep:progress',
      typeof progress === 'number' ? progress : progress ? 'unknown' : null,
    ),
})

ipcRenderer.on('edgekeep:port', (event) => {
  window.postMessage('edgekeep:port', '/', event.ports)
})

ipcRenderer.on('edgekeep:go', (_event, place: WindowPlace) => window.postMessage({ edgekeepGo: place }, '/'))

ipcRenderer.on('edgekeep:menu', (_event, command: MenuCommand) =>
  window.postMessage({ edgekeepMenu: command }, '/'),
)

ipcRenderer.on('edgekeep:saved', (_event, fileName: string) =>
  window.postMessage({ edgekeepSaved: fileName }, '/'),
)

ipcRenderer.on('edgekeep:updates', (_event, state: object) =>
  window.postMessage({ edgekeepUpdates: state }, '/'),
)

ipcRenderer.on('edgekeep:files-waiting', () => window.postMessage('edgekeep:files-waiting', '/'))

// `File`s are handles, like those of a drop: the page holds no bytes, and reads them only to send them.
ipcRenderer.on('edgekeep:files', (_event, { files, refused }: OpenedFiles) => {
  const handles = files.map(({ name, bytes, lastModified }) => new File([bytes], name, { lastModified }))
  window.postMessage({ edgekeepFiles: handles, refused }, '/')
})
