import { z } from 'zod'
import { visibleText } from '../text/visible-text.ts'
import { define, none } from './define.ts'
import { readableName } from '../text/readable-name.ts'

export const authorityErrors = {
  'authority.name_outside': define(
    'state',
    /** `refusal`: why the name cannot be allowed either. */
    z.object({ name: z.string(), suffixes: z.array(z.string()), refusal: z.string().optional() }),
    (d) =>
      `The local authority may not issue for ${readableName(d.name)}: it is limited to ${d.suffixes.map(readableName).join(', ')}. ${
        d.refusal === undefined
          ? `Allow the domain on the page Trust or with "edgekeep authority allow ${readableName(d.name.replace(/^\*\./, ''))}". That creates a new authority, which then has to be trusted.`
          : `It cannot be allowed: ${d.refusal}. Use a certificate of another authority.`
      }`,
  ),
  'authority.suffix_refused': define(
    'input',
    z.object({ suffix: z.string(), reason: z.string() }),
    (d) =>
      `The local authority cannot be limited to "${visibleText(d.suffix)}": ${d.reason}. Examples: shop.example.com, corp.`,
  ),
  'authority.clients_outside': define(
    'state',
    none,
    () =>
      'The local authority vouches for servers only. Allow certificates for clients on the page Trust or with "edgekeep authority allow --clients"; that makes a new authority, which then has to be trusted.',
  ),
  'authority.clock_doubtful': define(
    'state',
    z.object({ clock: z.string(), reason: z.string() }),
    (d) =>
      `No local authority was created: this computer's clock looks wrong. It shows ${d.clock}, but ${d.reason}. Clients would refuse an authority from another time. Set the clock and try again. If the clock is right, replace the authority on the page Trust, or run "edgekeep authority rotate --clock-is-right".`,
  ),
  'authority.not_yet_valid': define(
    'state',
    z.object({ from: z.string() }),
    (d) =>
      `The root of the local authority is valid only from ${d.from}: it was created while this computer's clock was ahead. Until then clients refuse every certificate it issues. Check the clock. If it is right, create a new authority on the page Trust or with "edgekeep authority rotate", and trust that.`,
  ),
  'authority.unlimited': define(
    'state',
    none,
    () =>
      'The local authority has no name constraints: whoever stole its key could impersonate every site to those who trust it. It was not installed. Create one with name constraints: "edgekeep authority rotate".',
  ),
  'authority.none': define(
    'state',
    none,
    () =>
      'There is no local authority yet. The first free certificate creates it, and so does "edgekeep trust install".',
  ),
} as const
