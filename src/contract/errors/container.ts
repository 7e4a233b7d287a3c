import { z } from 'zod'
import { visibleText } from '../text/visible-text.ts'
import { define, named, none } from './define.ts'

/** Containers of Docker or Podman on this computer. */
export const containerErrors = {
  'container.no_engine': define(
    'trouble',
    none,
    () =>
      'Neither Docker nor Podman answers on this computer. Start Docker, or "podman system service", or name its socket: DOCKER_HOST=unix:///path.',
  ),
  'container.refused': define(
    'state',
    z.object({ reason: z.string() }),
    (d) => `Docker or Podman refused it: ${visibleText(d.reason).slice(0, 500)}`,
  ),
  'container.not_found': define(
    'input',
    named,
    (d) => `No container and no running Compose project is called ${visibleText(d.name)}.`,
  ),
  'container.not_running': define(
    'state',
    named,
    (d) => `The container ${visibleText(d.name)} is not running. Start it first.`,
  ),
  'container.no_address': define(
    'state',
    named,
    (d) =>
      `The container ${visibleText(d.name)} has no network address that this computer reaches. Publish its port, and add a domain with that port of this computer as origin.`,
  ),
  'container.cannot_trust': define(
    'state',
    z.object({ names: z.array(z.string()), reason: z.string() }),
    (d) => `Not set up: ${d.names.map(visibleText).join(', ')}. ${d.reason}`,
  ),
} as const
