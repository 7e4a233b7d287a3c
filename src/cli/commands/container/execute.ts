import { z } from 'zod'
import type { Docker } from '../../../containers/docker.ts'
import type { Container } from '../../../containers/reader/containers.ts'

interface Executed {
  exitCode: number
  /** Both streams, cut after 64 KiB. */
  output: string
}

const mostOutput = 64 * 1024

/** Runs a program in the container as its root. */
export async function execute(docker: Docker, { id }: Container, command: string[]): Promise<Executed> {
  const json = { AttachStdout: true, AttachStderr: true, User: '0', Cmd: command }
  const created = await docker.send({ method: 'POST', json }, ['containers', id, 'exec'])
  const exec = z.object({ Id: z.string() }).parse(JSON.parse(created.toString('utf8'))).Id
  const raw = await docker.send({ method: 'POST', json: { Detach: false, Tty: false } }, [
    'exec',
    exec,
    'start',
  ])
  const state = z.object({ ExitCode: z.number().nullish() }).parse(await docker.get(['exec', exec, 'json']))
  return { exitCode: state.ExitCode ?? 1, output: withoutFrames(raw).slice(0, mostOutput) }
}

/** Removes the headers of Docker's frames: stream, three zeros, and the length in four bytes. */
function withoutFrames(raw: Buffer): string {
  const parts: Buffer[] = []
  for (let at = 0; at + 8 <= raw.length;) {
    const length = raw.readUInt32BE(at + 4)
    parts.push(raw.subarray(at + 8, at + 8 + length))
    at += 8 + length
  }
  return Buffer.concat(parts).toString('utf8')
}
