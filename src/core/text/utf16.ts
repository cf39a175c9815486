/** `le` or `be` where the bytes are UTF-16, with or without byte order mark; undefined for everything else. */
export function utf16Order(head: Uint8Array): 'le' | 'be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'be';
  // Exchange Online exports have no mark. Their text is mostly ASCII, so every second byte is zero.
  const n = Math.min(head.length & ~1, 2048);
  if (n < 4) return undefined;
  let even = 0,
    odd = 0;
  for (let i = 0; i < n; i += 2) {
    if (head[i] === 0) even++;
    if (head[i + 1] === 0) odd++;
  }
  const most = (n / 2) * 0.7;
  return odd > most && even < n / 20 ? 'le' : even > most && odd < n / 20 ? 'be' : undefined;
}

/** Turns UTF-16 into UTF-8, cut anywhere. Lone surrogates become U+FFFD; the byte order mark is dropped. */
export class Utf16Decoder {
  private out = new Uint8Array(0);
  private view = new DataView(this.out.buffer);
  private odd = -1;
  private high = 0;
  /** Whether the last letter was a line end. */
  private lineEnded = false;

  constructor(private readonly order: 'le' | 'be') {}

  /** The result is reused by the next call. */
  push(bytes: Uint8Array): Uint8Array {
    if (this.out.length < bytes.length * 2 + 8) {
      this.out = new Uint8Array(bytes.length * 2 + 8);
      this.view = new DataView(this.out.buffer);
    }
    const { out } = this,
      from = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const lo = this.order === 'le' ? 0 : 1;
    let o = 0,
      i = 0;
    if (this.odd >= 0 && bytes.length > 0) {
      o = this.unit(lo === 0 ? this.odd | (bytes[0] << 8) : (this.odd << 8) | bytes[0], o);
      this.odd = -1;
      i = 1;
    }
    const end = bytes.length - 1;
    while (i < end) {
      const letters = this.high === 0 ? this.ascii(from, i, o) : 0;
      i += letters * 2;
      o += letters;
      // The letter that ended the ASCII text, and its neighbours.
      for (const stop = Math.min(end, i + 16); i < stop; i += 2) {
        const unit = lo === 0 ? bytes[i] | (bytes[i + 1] << 8) : (bytes[i] << 8) | bytes[i + 1];
        if (unit < 0x80 && this.high === 0) out[o++] = unit;
        else o = this.unit(unit, o);
      }
    }
    if (i === end) this.odd = bytes[i];
    if (o > 0) this.lineEnded = out[o - 1] === 10 || out[o - 1] === 13;
    return out.subarray(0, o);
  }

  /** Ends the text: U+FFFD where it breaks off within a character, unless only half of a line end is missing. */
  end(): Uint8Array | undefined {
    const broken = this.high !== 0 || (this.odd >= 0 && !this.lineEnded);
    this.odd = -1;
    this.high = 0;
    return broken ? Uint8Array.of(0xef, 0xbf, 0xbd) : undefined;
  }

  /** Converts ASCII text, most of any log, eight letters at a time; returns how many there were. */
  private ascii(from: DataView, begin: number, o: number): number {
    const { view } = this,
      little = this.order === 'le';
    let i = begin;
    for (; i + 16 <= from.byteLength; i += 16, o += 8) {
      // The first of two letters has to be the lower one.
      let a = from.getInt32(i, little),
        b = from.getInt32(i + 4, little),
        c = from.getInt32(i + 8, little),
        d = from.getInt32(i + 12, little);
      if (((a | b | c | d) & 0xff80ff80) !== 0) break;
      if (!little) {
        a = (a << 16) | (a >>> 16);
        b = (b << 16) | (b >>> 16);
        c = (c << 16) | (c >>> 16);
        d = (d << 16) | (d >>> 16);
      }
      view.setInt32(o, (a & 0x7f) | (a >>> 8) | (((b & 0x7f) | (b >>> 8)) << 16), true);
      view.setInt32(o + 4, (c & 0x7f) | (c >>> 8) | (((d & 0x7f) | (d >>> 8)) << 16), true);
    }
    return (i - begin) / 2;
  }

  private unit(unit: number, o: number): number {
    const { out } = this;
    if (this.high !== 0) {
      const high = this.high;
      this.high = 0;
      if (unit >= 0xdc00 && unit < 0xe000) {
        const point = 0x10000 + ((high - 0xd800) << 10) + unit - 0xdc00;
        out[o++] = 0xf0 | (point >> 18);
        out[o++] = 0x80 | ((point >> 12) & 63);
        out[o++] = 0x80 | ((point >> 6) & 63);
        out[o++] = 0x80 | (point & 63);
        return o;
      }
      o = this.write(0xfffd, o);
    }
    if (unit >= 0xd800 && unit < 0xdc00) {
      this.high = unit;
      return o;
    }
    return unit === 0xfeff ? o : this.write(unit >= 0xdc00 && unit < 0xe000 ? 0xfffd : unit, o);
  }

  private write(unit: number, o: number): number {
    const { out } = this;
    if (unit < 0x80) out[o++] = unit;
    else if (unit < 0x800) {
      out[o++] = 0xc0 | (unit >> 6);
      out[o++] = 0x80 | (unit & 63);
    } else {
      out[o++] = 0xe0 | (unit >> 12);
      out[o++] = 0x80 | ((unit >> 6) & 63);
      out[o++] = 0x80 | (unit & 63);
    }
    return o;
  }
}
