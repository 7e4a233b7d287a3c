import type { ElectronApi } from './electron-api.ts'

/** Messages of a page at its start: requests for a port and for the files it was opened with. */
const channels = ['edgekeep:request-port', 'edgekeep:command', 'edgekeep:progress']
/** Limit against a page that sends without end. */
const mostMessages = 100

export function holdEarlyMessages({ ipcMain }: Pick<ElectronApi, 'ipcMain'>) {
  const queue: { channel: string; args: [Electron.IpcMainEvent, ...unknown[]] }[] = []
  let onFirst: (() => void) | null = null
  const listeners = channels.map((channel) => {
    const keep = (...args: [Electron.IpcMainEvent, ...unknown[]]) => {
      if (queue.length < mostMessages) queue.push({ channel, args })
      onFirst?.()
      onFirst = null
    }
    ipcMain.on(channel, keep)
    return { channel, keep }
  })
  return {
    onFirst: (act: () => void) => (onFirst = act),
    /** Replays the queue to the current listeners and stops queueing. */
    handOn() {
      for (const { channel, keep } of listeners) ipcMain.off(channel, keep)
      for (const { channel, args } of queue.splice(0)) ipcMain.emit(channel, ...args)
    },
  }
}
