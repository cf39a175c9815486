/**
 * Segments travel between threads and are stored in the cache. Structured cloning and `v8.serialize` keep typed arrays,
 * maps and sets but drop classes, so instances of our few data classes carry the name of their class.
 */
type Data = new (...args: never[]) => object;

const classes = new Map<string, Data>();
const mark = '\u0000class';

/** Lets instances of a class travel. All of its fields must be packable; methods come back by the class. */
export function packable(name: string, data: Data): void {
  classes.set(name, data);
}

/** The same value without classes. Shares typed arrays and plain leaves with the original, so transfer a copy. */
export function pack(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) {
    if (typeof value === 'function') throw new TypeError('a function cannot be packed');
    return value;
  }
  if (Array.isArray(value)) return isLeaf(value) ? value : value.map(pack);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, pack(item)]));
  if (value instanceof Set) return value;
  const packed: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) packed[key] = pack(item);
  const { constructor } = value;
  if (constructor === Object || constructor === undefined) return packed;
  const name = [...classes].find(([, data]) => data === constructor)?.[0];
  if (name === undefined) throw new TypeError(`${constructor.name} cannot be packed`);
  packed[mark] = name;
  return packed;
}

/** The value as it was before `pack`. @throws TypeError when it names a class that this version does not know. */
export function unpack(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Set) return value;
  if (Array.isArray(value)) return isLeaf(value) ? value : value.map(unpack);
  if (value instanceof Map) {
    for (const [key, item] of value) value.set(key, unpack(item));
    return value;
  }
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object)) object[key] = unpack(object[key]);
  const name = object[mark];
  if (typeof name !== 'string') return object;
  const data = classes.get(name);
  if (!data) throw new TypeError(`unknown class ${name}`);
  delete object[mark];
  return Object.setPrototypeOf(object, data.prototype as object) as unknown;
}

/** Every buffer in a packed value, each once, for transfer to another thread instead of a copy. */
export function packedBuffers(value: unknown, found = new Set<ArrayBufferLike>()): Set<ArrayBufferLike> {
  if (typeof value !== 'object' || value === null) return found;
  if (ArrayBuffer.isView(value)) {
    if (value.byteLength === value.buffer.byteLength) found.add(value.buffer);
    return found;
  }
  if (Array.isArray(value)) {
    if (!isLeaf(value)) for (const item of value) packedBuffers(item, found);
    return found;
  }
  if (value instanceof Map) {
    for (const item of value.values()) packedBuffers(item, found);
    return found;
  }
  if (!(value instanceof Set)) for (const item of Object.values(value)) packedBuffers(item, found);
  return found;
}

/** Lists of words or numbers need no walk. */
function isLeaf(list: unknown[]): boolean {
  return list.length === 0 || (typeof list[0] !== 'object' && list.every((item) => typeof item !== 'object'));
}
