import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { askOverUnsaved, onStay } from '../../../src/main/unsaved.ts'

/** Outcome for the window when the person picks the button at `answer`. */
function afterAnswer(answer: number): { closes: boolean; stays: boolean } {
  const webContents = new EventEmitter()
  const dialog = { showMessageBoxSync: () => answer } as unknown as Electron.Dialog
  const window = { webContents } as unknown as Electron.BrowserWindow
  let stays = false
  askOverUnsaved({ dialog }, window)
  onStay(window, () => (stays = true))
  const event = {
    defaultPrevented: false,
    preventDefault: () => (event.defaultPrevented = true),
  }
  webContents.emit('will-prevent-unload', event)
  return { closes: event.defaultPrevented, stays }
}

test('a window with unsaved edits closes only when the person says that they may be lost', () => {
  expect([0, 1].map(afterAnswer)).toEqual([
    { closes: false, stays: true },
    { closes: true, stays: false },
  ])
})
