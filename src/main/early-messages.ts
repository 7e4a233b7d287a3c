import type { ElectronApi } from './electron-api.ts'

/** What pages send before there is anybody to answer. */
export interface EarlyMessages {
  /** Called with the first message, once. */
  onFirst(act: () => void): void
  /** Hands on what has come, to those who listen now, and keeps nothing from then on. */
  handOn(): void
}

/** A page has two things to ask for at its start: a port to the engine, and the files it was opened with. */
const channels = ['edgekeep:request-port', 'edgekeep:command', 'edgekeep:progress']
/** A page that sends without end fills no memory. */
const mostMessages = 100

export function holdEarlyMessages({ ipcMain }: Pick<ElectronApi, 'ipcMain'>): EarlyMessages {
  const held: { channel: string; words: [Electron.IpcMainEvent, ...unknown[]] }[] = []
  let onFirst: (() => void) | null = null
  const listeners = channels.map((channel) => {
    const keep = (...words: [Electron.IpcMainEvent, ...unknown[]]) => {
      if (held.length < mostMessages) held.push({ channel, words })
      onFirst?.()
      onFirst = null
    }
    ipcMain.on(channel, keep)
    return { channel, keep }
  })
  return {
    onFirst: (act) => (onFirst = act),
    handOn() {
      for (const { channel, keep } of listeners) ipcMain.off(channel, keep)
      for (const { channel, words } of held.splice(0)) ipcMain.emit(channel, ...words)
    },
  }
}
