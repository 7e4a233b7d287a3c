import type { ElectronApi } from './electron-api.ts'

/** Native menu for text with cut, copy and paste if available; no menu elsewhere. */
export function offerContextMenu({ Menu }: Pick<ElectronApi, 'Menu'>, contents: Electron.WebContents): void {
  contents.on('context-menu', (_event, { isEditable, editFlags, selectionText }) => {
    const template: Electron.MenuItemConstructorOptions[] = isEditable
      ? [
          { role: 'undo', enabled: editFlags.canUndo },
          { role: 'redo', enabled: editFlags.canRedo },
          { type: 'separator' },
          { role: 'cut', enabled: editFlags.canCut },
          { role: 'copy', enabled: editFlags.canCopy },
          { role: 'paste', enabled: editFlags.canPaste },
          { type: 'separator' },
          { role: 'selectAll', enabled: editFlags.canSelectAll },
        ]
      : selectionText.trim() === ''
        ? []
        : [{ role: 'copy', enabled: editFlags.canCopy }]
    if (template.length > 0) Menu.buildFromTemplate(template).popup()
  })
}
