import { join } from 'node:path'
import type { ElectronApi } from './electron-api.ts'
import { readJsonFile, writeJsonFile } from './json-file.ts'

/** Position of the window in device-independent pixels, with its text size. */
export interface WindowPlace {
  x: number
  y: number
  width: number
  height: number
  isMaximized: boolean
  /** Zoom level of Chromium: each step is a fifth; 0 is unscaled. */
  zoomLevel: number
}

const farthestPixels = 100_000
const smallestPixels = 200
const zoomLevels = { least: -5, most: 8 }

/** Part of the title bar that must be on a screen, so that the window can be dragged. */
const grip = { width: 120, height: 32 }
const saveAfterMs = 500

const fileIn = (folder: string) => join(folder, 'window.json')

/** Reads the stored place in `folder`, cut to a current screen; null if missing or invalid. */
export function storedPlace({ screen }: Pick<ElectronApi, 'screen'>, folder: string): WindowPlace | null {
  const place = readJsonFile(fileIn(folder), asPlace)
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
  return place && placeOnScreen(place, areas)
}

/** Validates by hand: this runs before the window is made, when zod is not loaded. */
function asPlace(value: unknown): WindowPlace | null {
  const { x, y, width, height, isMaximized, zoomLevel } = Object(value) as Record<keyof WindowPlace, unknown>
  const isPixels = (value: unknown, least: number): value is number =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= farthestPixels
  if (!isPixels(x, -farthestPixels) || !isPixels(y, -farthestPixels)) return null
  if (!isPixels(width, smallestPixels) || !isPixels(height, smallestPixels)) return null
  if (typeof isMaximized !== 'boolean' || typeof zoomLevel !== 'number') return null
  if (!(zoomLevel >= zoomLevels.least && zoomLevel <= zoomLevels.most)) return null
  return { x, y, width, height, isMaximized, zoomLevel }
}

/**
 * Returns the same place if its title bar can be reached on a screen, else centres it on the first screen. It
 * is no larger than the screen if there is only one, which may have another scale now.
 */
export function placeOnScreen(place: WindowPlace, areas: readonly Electron.Rectangle[]): WindowPlace | null {
  const [first] = areas
  if (!first) return null
  const isReached = areas.some((area) => hasGripOf(place, area))
  if (isReached && areas.length > 1) return place
  const width = Math.min(place.width, first.width)
  const height = Math.min(place.height, first.height)
  if (isReached) return { ...place, width, height }
  const x = first.x + Math.round((first.width - width) / 2)
  const y = first.y + Math.round((first.height - height) / 2)
  return { ...place, x, y, width, height }
}

function hasGripOf(place: WindowPlace, area: Electron.Rectangle): boolean {
  const across = Math.min(place.x + place.width, area.x + area.width) - Math.max(place.x, area.x)
  const isBelowTop = place.y >= area.y && place.y + grip.height <= area.y + area.height
  return across >= grip.width && isBelowTop
}

/** Stores the place of `window` in `folder`, a moment after each change and when it closes. */
export function keepPlace(
  window: Electron.BrowserWindow,
  folder: string,
  failed: (error: unknown) => void,
): void {
  let timer: NodeJS.Timeout | undefined
  const save = () => {
    clearTimeout(timer)
    if (window.isDestroyed()) return
    try {
      writeJsonFile(fileIn(folder), placeOf(window))
    } catch (error) {
      failed(error)
    }
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(save, saveAfterMs)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('maximize', soon)
  window.on('unmaximize', soon)
  window.webContents.on('zoom-changed', soon)
  window.on('close', save)
}

function placeOf(window: Electron.BrowserWindow): WindowPlace {
  // Bounds after leaving the maximized state.
  const { x, y, width, height } = window.getNormalBounds()
  return {
    x,
    y,
    width,
    height,
    isMaximized: window.isMaximized(),
    zoomLevel: window.webContents.getZoomLevel(),
  }
}
