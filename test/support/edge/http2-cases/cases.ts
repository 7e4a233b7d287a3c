import { preface } from '../http2-frames.ts'
import { frameCases } from './frames.ts'
import { messageCases } from './messages.ts'
import type { Http2Case } from './parts.ts'

export const http2Cases: Http2Case[] = Object.entries({ ...frameCases, ...messageCases }).flatMap(
  ([section, list]) =>
    list.map(([what, parts, wanted, instead]) => ({
      section,
      what,
      bytes: Buffer.concat(section === '3.4' ? parts : [preface, ...parts]),
      wanted,
      ...(instead && { instead }),
    })),
)
