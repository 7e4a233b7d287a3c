import { z } from 'zod'
import { visibleText } from '../text/visible-text.ts'
import { readableName } from '../text/readable-name.ts'
import { define, named, none } from './define.ts'

/** Development servers behind the edge. */
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
} as const
