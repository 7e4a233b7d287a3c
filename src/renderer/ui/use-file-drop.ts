import { useRef, useState, type DragEvent } from 'react'
import { filesFromTransfer } from './files-from-transfer.ts'

/**
 * Makes an element accept dropped files that no child accepted. Spread `handlers` on the element; `over` is
 * true while files are dragged over it.
 */
export function useFileDrop(onFiles: (files: File[]) => void) {
  const [over, setOver] = useState(false)
  const depth = useRef(0)
  const enter = (step: 1 | -1) => (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return
    depth.current += step
    setOver(depth.current > 0)
  }
  const handlers = {
    onDragEnter: enter(1),
    onDragLeave: enter(-1),
    onDragOver: (event: DragEvent) => event.preventDefault(),
    onDrop: (event: DragEvent) => {
      depth.current = 0
      setOver(false)
      if (event.defaultPrevented || !event.dataTransfer.types.includes('Files')) return
      event.preventDefault()
      void filesFromTransfer(event.dataTransfer).then((files) => files.length > 0 && onFiles(files))
    },
  }
  return { over, handlers }
}
