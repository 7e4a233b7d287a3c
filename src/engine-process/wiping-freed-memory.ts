/**
 * Makes the C library overwrite freed memory. Owners of buffers with keys zero them, but libraries copy: Node
 * into its blobs and channels, OpenSSL into its parsed keys. These copies are freed without being cleared,
 * and would stay until the memory is used again.
 *
 * glibc overwrites freed memory with `glibc.malloc.perturb` (and hands out zeroes for 255), except in its
 * cache of each thread, so that is switched off; macOS does it with `MallocScribble`. On other systems
 * nothing changes.
 */
export function wipingFreedMemory(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  if (platform === 'darwin') return { ...environment, MallocScribble: '1' }
  if (platform !== 'linux') return environment
  const tunables = [environment['GLIBC_TUNABLES'], 'glibc.malloc.perturb=255', 'glibc.malloc.tcache_count=0']
  return { ...environment, GLIBC_TUNABLES: tunables.filter(Boolean).join(':') }
}
