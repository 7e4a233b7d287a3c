import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { askOverUnsaved } from '../../../src/main/unsaved.ts'

/** Whether the window closes when the person picks the button at `answer`. */
function closesAfter(answer: number): boolean {
  const webContents = new EventEmitter()
  const dialog = { showMessageBoxSync: () => answer } as unknown as Electron.Dialog
  askOverUnsaved({ dialog }, { webContents } as unknown as Electron.BrowserWindow)
  let closes = false
  webContents.emit('will-prevent-unload', { preventDefault: () => (closes = true) })
  return closes
}

test('a window with unsaved edits closes only when the person says that they may be lost', () => {
  expect([0, 1].map(closesAfter)).toEqual([false, true])
})
