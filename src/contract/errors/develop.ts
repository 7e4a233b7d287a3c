import { z } from 'zod'
import { readableName } from '../text/readable-name.ts'
import { visibleText } from '../text/visible-text.ts'
import { define, named, none } from './define.ts'

/** Development servers behind the edge, and containers of Docker or Podman on this computer. */
export const developErrors = {
  'run.name_taken': define(
    'state',
    named.extend({ isRun: z.boolean() }),
    (d) =>
      `${readableName(d.name)} is ${d.isRun ? 'the address of another development server that runs now' : 'a domain of yours with settings of its own'}. Choose another name.`,
  ),
  'run.port_taken': define(
    'state',
    z.object({ port: z.number(), owner: z.string() }),
    (d) =>
      `Port ${d.port} is used by ${d.owner}. Choose another with --port, or leave that out for a free one. For a server that runs already: "edgekeep run --attach ${d.port}".`,
  ),
  'run.no_command': define(
    'input',
    none,
    () =>
      'No "dev" script of a package.json, and nothing else that starts a development server, was found in this folder. Give the command: "edgekeep run -- npm start".',
  ),
  'run.not_started': define(
    'input',
    z.object({ program: z.string(), reason: z.string() }),
    (d) => `${visibleText(d.program)} could not be started: ${d.reason}.`,
  ),
  'project.name_taken': define(
    'state',
    z.object({ domains: z.array(z.string()) }),
    (d) =>
      `Not of this project: ${d.domains.map(readableName).join(', ')}. Nothing was changed. Take them over at a terminal with "edgekeep up", or with "edgekeep up --yes --take".`,
  ),
  'project.trust_from_command_line': define(
    'state',
    none,
    () =>
      'The services of a project are commands, so they are trusted on the command line only: "edgekeep run" in its folder shows them and asks.',
  ),
  'project.not_found': define(
    'input',
    z.object({ folder: z.string() }),
    (d) => `No project in ${visibleText(d.folder)}. List projects: edgekeep project list`,
  ),
  'project.running': define(
    'state',
    z.object({ folder: z.string() }),
    (d) => `The project in ${visibleText(d.folder)} is running. End it first. Nothing was changed.`,
  ),
  'project.refused': define(
    'input',
    z.object({ reason: z.string() }),
    (d) => `edgekeep.yaml sets something a project file may not set: ${d.reason}. Nothing was changed.`,
  ),
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
}
