import { IconZoomScan } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { notifyRefused } from '../ui/feedback/feedback.tsx'
import { useDroppedFiles, useFileTaker } from '../ui/forms/file-handoff.ts'
import { filesFromTransfer } from '../ui/forms/transferred-files.ts'
import { dialogIsOpen } from '../ui/primitives/focus.ts'
import classes from './frame.module.css'

/** Routes files dropped outside a dialog to the page that accepts them, else to the Inspector. */
export function FileDrop() {
  const { t } = useTranslation()
  const over = useWindowDrop()
  const isTaken = useFileTaker((state) => state.take !== null)
  if (!over) return null
  return (
    <div className={classes.overlay} aria-hidden>
      <div className={classes.panel}>
        <IconZoomScan size={34} stroke={1.5} />
        <div className="text-lg bold plain-color">{t(isTaken ? 'drop.forHttps' : 'drop.title')}</div>
        <div>{t(isTaken ? 'drop.forHttpsText' : 'drop.text')}</div>
      </div>
    </div>
  )
}

function useWindowDrop(): boolean {
  const { t } = useTranslation()
  const [over, setOver] = useState(false)
  const depth = useRef(0)
  const [, navigate] = useLocation()
  const give = useDroppedFiles((state) => state.give)
  useEffect(() => {
    const leave = () => {
      depth.current = 0
      setOver(false)
    }
    const onEnter = (event: DragEvent) => {
      if (!bringsFiles(event)) return
      depth.current += 1
      setOver(!dialogIsOpen() && !isTakenBelow(event.target))
    }
    const onLeave = (event: DragEvent) => {
      if (!bringsFiles(event)) return
      depth.current -= 1
      if (depth.current <= 0) leave()
    }
    // Prevents the browser from navigating to the file.
    const onOver = (event: DragEvent) => bringsFiles(event) && event.preventDefault()
    const onDrop = (event: DragEvent) => {
      const taken = event.defaultPrevented
      leave()
      if (!bringsFiles(event)) return
      event.preventDefault()
      if (taken || !event.dataTransfer) return
      if (dialogIsOpen()) {
        if (!passToDialog(event)) notifyRefused(t('drop.notHere'), t('drop.notHereText'))
        return
      }
      void filesFromTransfer(event.dataTransfer).then((files) => {
        if (files.length === 0) return
        const { take } = useFileTaker.getState()
        if (take) return take(files)
        give(files)
        navigate('/inspector')
      })
    }
    const listeners = { dragenter: onEnter, dragleave: onLeave, dragover: onOver, drop: onDrop }
    for (const [type, listener] of Object.entries(listeners))
      window.addEventListener(type, listener as EventListener)
    return () => {
      for (const [type, listener] of Object.entries(listeners))
        window.removeEventListener(type, listener as EventListener)
    }
  }, [give, navigate, t])
  return over
}

/** Passes files that were dropped beside the one drop zone of the dialog on to it; false without one. */
function passToDialog({ dataTransfer }: DragEvent): boolean {
  const dialog = [...document.querySelectorAll('[role="dialog"][aria-modal="true"]')].at(-1)
  const [zone, second] = dialog?.querySelectorAll('[data-drop-zone]') ?? []
  if (!zone || second) return false
  zone.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }))
  return true
}

/** Elements with `data-takes-files` handle their own drops. */
function isTakenBelow(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-takes-files]') !== null
}

function bringsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false
}
