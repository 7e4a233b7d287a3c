import { contextBridge, ipcRenderer } from 'electron'

/*
 * Sandboxed and CommonJS. The page gets one call without arguments, that asks for a port to the engine,
 * and the port itself, as a message to its own window. It gets no channel, no event and no Electron object.
 */

contextBridge.exposeInMainWorld('edgekeepDesktop', {
  requestPort: () => ipcRenderer.send('edgekeep:request-port'),
})

ipcRenderer.on('edgekeep:port', (event) => {
  window.postMessage('edgekeep:port', '/', event.ports)
})
