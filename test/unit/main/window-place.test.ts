import { expect, test } from 'vitest'
import { placeOnScreen, type WindowPlace } from '../../../src/main/window-place.ts'

const screen = { x: 0, y: 0, width: 1920, height: 1080 }
const place: WindowPlace = { x: 100, y: 80, width: 1000, height: 700, isMaximized: false, zoomLevel: 0 }

test('leaves a window on the screen where it was, also one that hangs over its edge', () => {
  expect(placeOnScreen(place, [screen])).toEqual(place)
  const overEdge = { ...place, x: 1700, y: 900 }
  expect(placeOnScreen(overEdge, [screen])).toEqual(overEdge)
})

test('leaves a window on a second screen, left of the first', () => {
  const left = { x: -1280, y: 0, width: 1280, height: 1024 }
  const onLeft = { ...place, x: -1200, y: 10 }
  expect(placeOnScreen(onLeft, [screen, left])).toEqual(onLeft)
})

test.each([
  ['a screen that was taken away', { x: 2500, y: 10 }],
  ['above the screen, where its title cannot be reached', { x: 100, y: -300 }],
  ['below the screen', { x: 100, y: 1070 }],
  ['so far left that only a sliver is seen', { x: -950, y: 10 }],
])('brings a window from %s to the middle of the first', (_where, at) => {
  expect(placeOnScreen({ ...place, ...at }, [screen])).toEqual({ ...place, x: 460, y: 190 })
})

test('makes a window no larger than the screen it is brought to', () => {
  const small = { x: 0, y: 24, width: 800, height: 576 }
  const moved = placeOnScreen({ ...place, x: 5000, width: 3000, height: 2000 }, [small])
  expect(moved).toMatchObject({ x: 0, y: 24, width: 800, height: 576 })
})

test('has no place where there is no screen', () => {
  expect(placeOnScreen(place, [])).toBeNull()
})

test('cuts a window to the only screen, whose scale may have changed', () => {
  const scaled = { x: 0, y: 0, width: 960, height: 600 }
  expect(placeOnScreen(place, [scaled])).toEqual({ ...place, width: 960, height: 600 })
})
