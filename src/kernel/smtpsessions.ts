// The sessions of a protocol log that are open, by their id: which of TypeScript's sessions it is, and the sequence
// number that must come next. A session that is not here has its row read by the parser, which may enter it.
import { byteAt } from './memory';

/** Sets of four sessions; TypeScript knows a session by its place. */
const sessions: i32 = 0x20000,
  sets: i32 = 1024,
  ways: i32 = 4;
const enum Of {
  id = 0,
  state = 16,
  next = 20,
  call = 24,
  width = 32,
}
const enum State {
  free,
  named,
  bare,
}
/** Of ids whose rows wait for the segment before this one, a bit each; other ids may have the same. */
const waiting: i32 = 0x14000,
  waitingBytes: i32 = 0x2000;
/** The places of the sessions that have taken a step in this call. */
const stepped: i32 = 0xa0000;
/** Where an id is put together. */
const scratch: i32 = 0x12020;

let steps: i32 = 0;
let call: i32 = 1;

export function forgetSessions(): void {
  memory.fill(sessions, 0, sets * ways * Of.width);
  memory.fill(waiting, 0, waitingBytes);
}

/** Where the numbers of the sessions are that have taken a step in the last call, and how many. */
export function smtpStepped(): i32 {
  return stepped;
}
export function smtpSteps(): i32 {
  return steps;
}
/** Where the sequence numbers are that must come next, `smtpWidth` bytes from session to session. */
export function smtpNext(): i32 {
  return sessions + Of.next;
}
export function smtpWidth(): i32 {
  return Of.width;
}

export function nextCall(): void {
  call++;
  steps = 0;
}

/** The session with the id at `id`, or 0. */
export function sessionAt(id: i32, bare: bool): i32 {
  const digits = v128.load(id),
    state = bare ? State.bare : State.named;
  let at = setOf(id);
  for (let i = 0; i < ways; i++, at += Of.width) {
    if (load<i32>(at, Of.state) === state && i8x16.all_true(i8x16.eq(v128.load(at), digits))) return at;
  }
  return 0;
}

export function numberOf(session: i32): i32 {
  return (session - sessions) / Of.width;
}

export function nextOf(session: i32): i32 {
  return load<i32>(session, Of.next);
}

/** A row of the session was read. */
export function stepSession(session: i32): void {
  store<i32>(session, load<i32>(session, Of.next) + 1, Of.next);
  touch(session);
}

export function closeSession(session: i32): void {
  store<i32>(session, State.free, Of.state);
}

/** A session that begins; 0 where the parser must decide that, or there is no room before TypeScript has taken the steps of this call. */
export function beginSession(id: i32, bare: bool): i32 {
  if (!isHexadecimal(id) || isWaiting(id)) return 0;
  let at = setOf(id);
  const end = at + ways * Of.width;
  let place = 0;
  for (; at < end; at += Of.width) {
    if (load<i32>(at, Of.state) === State.free) {
      place = at;
      break;
    }
    if (load<i32>(at, Of.call) !== call) place = at;
  }
  if (place === 0) return 0;
  enter(place, id, bare, 1);
  touch(place);
  return place;
}

/**
 * The parser has read a row of this session, with the id in four numbers as it keeps it: `next` must come next, or it
 * is no longer open where that is negative. Gives its number, or -1.
 */
export function smtpSession(a: i32, b: i32, c: i32, d: i32, next: i32): i32 {
  const bare = a < 0;
  keep(a, b, c, d);
  let at = sessionAt(scratch, bare);
  if (next < 0) {
    if (at !== 0) closeSession(at);
    return -1;
  }
  if (at === 0) {
    at = setOf(scratch);
    let oldest = at;
    for (let i = 0; i < ways; i++, at += Of.width) {
      if (load<i32>(at, Of.state) === State.free) {
        oldest = at;
        break;
      }
      if (load<i32>(at, Of.call) - load<i32>(oldest, Of.call) < 0) oldest = at;
    }
    at = oldest;
  }
  enter(at, scratch, bare, next);
  return numberOf(at);
}

/** Rows of this id wait for the segment before this one. */
export function smtpWaiting(a: i32, b: i32, c: i32, d: i32): void {
  keep(a, b, c, d);
  const bit = waitingBit(scratch),
    at = waiting + (bit >> 3);
  store<u8>(at, <u8>(byteAt(at) | (1 << (bit & 7))));
}

function enter(at: i32, id: i32, bare: bool, next: i32): void {
  v128.store(at, v128.load(id));
  store<i32>(at, bare ? State.bare : State.named, Of.state);
  store<i32>(at, next, Of.next);
  store<i32>(at, call - 1, Of.call);
}

function touch(session: i32): void {
  if (load<i32>(session, Of.call) === call) return;
  store<i32>(session, call, Of.call);
  store<i32>(stepped + (steps << 2), numberOf(session));
  steps++;
}

/** Puts an id together; the highest bit of the first number says that the connector is bare. */
function keep(a: i32, b: i32, c: i32, d: i32): void {
  store<i32>(scratch, bswap(a & 0x7fffffff), 0);
  store<i32>(scratch, bswap(b), 4);
  store<i32>(scratch, bswap(c), 8);
  store<i32>(scratch, bswap(d), 12);
}

function hash(id: i32): u64 {
  return (load<u64>(id) ^ (load<u64>(id + 8) * 0xff51afd7ed558ccd)) * 0x9e3779b97f4a7c15;
}

function setOf(id: i32): i32 {
  return sessions + <i32>(hash(id) >> 54) * (ways * Of.width);
}

function waitingBit(id: i32): i32 {
  return (<i32>(hash(id) >> 32)) & (waitingBytes * 8 - 1);
}

function isWaiting(id: i32): bool {
  const bit = waitingBit(id);
  return ((byteAt(waiting + (bit >> 3)) >> (bit & 7)) & 1) !== 0;
}

/** Whether sixteen hexadecimal digits stand there. */
function isHexadecimal(id: i32): bool {
  const digits = v128.load(id),
    letters = v128.or(digits, i8x16.splat(32));
  const numbers = i8x16.lt_u(i8x16.sub(digits, i8x16.splat(48)), i8x16.splat(10)),
    hex = i8x16.lt_u(i8x16.sub(letters, i8x16.splat(97)), i8x16.splat(6));
  return i8x16.all_true(v128.or(numbers, hex));
}
