import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/*
 * Renders the application's icon from src/renderer/icon.svg in all sizes: PNG for Linux, ICO for Windows,
 * ICNS for macOS. Needs rsvg-convert (Debian: librsvg2-bin). Run it manually when the icon changes, and
 * commit the output.
 */

const folder = path.join('packaging', 'icons')
const svg = readFileSync('src/renderer/icon.svg', 'utf8')
/** Apple's grid: the shape fills 824 of 1024. Ours fills 480 of 512. */
const svgForMac = svg.replace('viewBox="0 0 512 512"', 'viewBox="-42 -42 596 596"')

const linux = [16, 24, 32, 48, 64, 128, 256, 512]
const windows = [16, 24, 32, 48, 64, 128, 256]
/** Type in the file and side length in pixels. */
const macIconSizes = {
  icp4: 16,
  icp5: 32,
  ic07: 128,
  ic08: 256,
  ic09: 512,
  ic10: 1024,
  ic11: 32,
  ic12: 64,
  ic13: 256,
  ic14: 512,
}

function draw(source: string, pixels: number): Buffer {
  const size = String(pixels)
  const run = spawnSync('rsvg-convert', ['-w', size, '-h', size], { input: source })
  if (run.status !== 0) throw new Error(`rsvg-convert failed: ${run.error?.message ?? run.stderr.toString()}`)
  return run.stdout
}

/** An ICO file of PNG images: a directory of 16 bytes an image, then the images. */
function icoOf(images: { pixels: number; png: Buffer }[]): Buffer {
  const head = Buffer.alloc(6 + 16 * images.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(images.length, 4)
  let offset = head.length
  for (const [at, { pixels, png }] of images.entries()) {
    const entry = head.subarray(6 + 16 * at)
    // 256 is written as 0.
    entry.writeUInt8(pixels % 256, 0)
    entry.writeUInt8(pixels % 256, 1)
    entry.writeUInt16LE(1, 4)
    entry.writeUInt16LE(32, 6)
    entry.writeUInt32LE(png.length, 8)
    entry.writeUInt32LE(offset, 12)
    offset += png.length
  }
  return Buffer.concat([head, ...images.map(({ png }) => png)])
}

/** An ICNS file: pieces of a type, their length with these eight bytes, and a PNG. */
function icnsOf(images: { type: string; png: Buffer }[]): Buffer {
  const piece = (type: string, bytes: Buffer) => {
    const head = Buffer.alloc(8)
    head.write(type, 'latin1')
    head.writeUInt32BE(bytes.length + 8, 4)
    return Buffer.concat([head, bytes])
  }
  return piece('icns', Buffer.concat(images.map(({ type, png }) => piece(type, png))))
}

mkdirSync(folder, { recursive: true })
for (const pixels of linux) writeFileSync(path.join(folder, `${pixels}x${pixels}.png`), draw(svg, pixels))
writeFileSync(
  path.join(folder, 'icon.ico'),
  icoOf(windows.map((pixels) => ({ pixels, png: draw(svg, pixels) }))),
)
const mac = Object.entries(macIconSizes).map(([type, pixels]) => ({ type, png: draw(svgForMac, pixels) }))
writeFileSync(path.join(folder, 'icon.icns'), icnsOf(mac))
