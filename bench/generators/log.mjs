import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';

/** Counts what a generated log really contains, by direction, connector or relay (`by`), and TLS version. */
export class Truth {
  counts = {};
  total = 0;

  add(direction, by, name, tls) {
    const key = [direction, by, name, tls].join('\t');
    this.counts[key] = (this.counts[key] ?? 0) + 1;
    this.total++;
  }
}

/**
 * Plays sessions side by side in the order of time until the log has `size` bytes, then writes FILE.truth.json beside it.
 * A session is `{ time, steps }`; a step is `{ wait, text, done }`: milliseconds to wait, what to log (or nothing), and a function
 * that gets the time and may return another session to start.
 */
export function writeLog(file, size, { start, gap, random, newSession, line, header = '', truth }) {
  const out = openSync(file, 'w');
  let parts = [header],
    length = header.length,
    written = 0;
  const flush = () => {
    const bytes = Buffer.from(parts.join(''));
    for (let at = 0; at < bytes.length;) at += writeSync(out, bytes, at);
    written += bytes.length;
    parts = [];
    length = 0;
  };
  const queue = new Heap();
  let next = start,
    last = start;
  while (written + length < size) {
    while (queue.size === 0 || next <= queue.first.time) {
      const session = newSession(next);
      session.at = 0;
      queue.push(session);
      next += -Math.log(1 - random.fraction()) * gap;
    }
    const session = queue.pop();
    const step = session.steps[session.at++];
    last = session.time;
    if (step.text !== undefined) {
      const text = line(session.time, step.text, session);
      parts.push(text);
      length += text.length;
    }
    const more = step.done?.(session.time);
    if (more) {
      more.at = 0;
      queue.push(more);
    }
    if (session.at < session.steps.length) {
      session.time += session.steps[session.at].wait * (0.5 + random.fraction());
      queue.push(session);
    }
    if (length > 4 << 20) flush();
  }
  flush();
  closeSync(out);
  writeFileSync(
    `${file}.truth.json`,
    JSON.stringify({ total: truth.total, newest: last, counts: truth.counts }, null, 1),
  );
}

/** Sessions by the time of their next step. */
class Heap {
  items = [];
  get size() {
    return this.items.length;
  }
  get first() {
    return this.items[0];
  }

  push(item) {
    const { items } = this;
    items.push(item);
    for (let i = items.length - 1; i > 0;) {
      const up = (i - 1) >> 1;
      if (items[up].time <= items[i].time) return;
      [items[up], items[i]] = [items[i], items[up]];
      i = up;
    }
  }

  pop() {
    const { items } = this;
    const first = items[0],
      last = items.pop();
    if (items.length === 0) return first;
    items[0] = last;
    for (let i = 0; ;) {
      let down = 2 * i + 1;
      if (down >= items.length) return first;
      if (down + 1 < items.length && items[down + 1].time < items[down].time) down++;
      if (items[down].time >= items[i].time) return first;
      [items[down], items[i]] = [items[i], items[down]];
      i = down;
    }
  }
}
