/** The compiled src/kernel; put in by the bundler. */
declare module 'kernel.wasm' {
  const module: Uint8Array<ArrayBuffer>;
  export default module;
}
