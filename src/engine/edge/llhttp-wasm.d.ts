declare module 'undici/lib/llhttp/llhttp_simd-wasm.js' {
  /** The WebAssembly module's bytes. */
  const bytes: Buffer<ArrayBuffer>
  export default bytes
}
