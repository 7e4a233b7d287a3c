import { isWindowUrl } from './app-protocol.ts'

/** Whether the window's own page sends it: one that the window should never hold, or a frame inside it, gets nothing. */
export function isOurWindow({ senderFrame, sender }: Electron.IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isWindowUrl(senderFrame.url)
}
