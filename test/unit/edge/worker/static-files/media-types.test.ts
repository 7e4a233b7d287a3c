import { expect, test } from 'vitest'
import { mediaType } from '../../../../../src/edge/worker/static-files/folder-answer.ts'

test.each([
  ['index.html', 'text/html; charset=utf-8'],
  ['app.MJS', 'text/javascript; charset=utf-8'],
  ['notes.md', 'text/markdown; charset=utf-8'],
  ['data.json', 'application/json'],
  ['site.webmanifest', 'application/manifest+json'],
  ['module.wasm', 'application/wasm'],
  ['photo.jpg', 'image/jpeg'],
  ['photo.avif', 'image/avif'],
  ['logo.svg', 'image/svg+xml'],
  ['favicon.ico', 'image/vnd.microsoft.icon'],
  ['font.woff2', 'font/woff2'],
  ['film.mp4', 'video/mp4'],
  ['film.ts', 'video/mp2t'],
  ['live.m3u8', 'application/vnd.apple.mpegurl'],
  ['live.mpd', 'application/dash+xml'],
  ['sound.mp3', 'audio/mpeg'],
  ['root.crt', 'application/x-x509-ca-cert'],
  ['Makefile', 'application/octet-stream'],
  ['a.constructor', 'application/octet-stream'],
  ['a.__proto__', 'application/octet-stream'],
])('%s is sent as %s', (name, type) => {
  expect(mediaType(name)).toBe(type)
})
