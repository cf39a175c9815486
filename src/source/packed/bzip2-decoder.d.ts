declare module 'unbzip2-stream/lib/bzip2' {
  /** The next bits as a number; `null` goes on to the next whole byte. */
  type Bits = (count: number | null) => number;
  const bzip2: {
    /** The size of the blocks of a stream, in 100,000 bytes. @throws where it is none. */
    header(bits: Bits): number;
    /** Reads a block; returns the checksum of the stream so far, or null at its end. @throws where it is damaged. */
    decompress(bits: Bits, put: (byte: number) => void, room: Int32Array, size: number, sum: number): number | null;
  };
  export default bzip2;
}
