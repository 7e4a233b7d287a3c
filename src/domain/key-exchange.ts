/** `X25519MLKEM768 (post-quantum)`: only the hybrid groups resist a quantum computer. */
export function keyExchange(group: string): string {
  return `${group} (${/MLKEM/i.test(group) ? '' : 'not '}post-quantum)`
}
