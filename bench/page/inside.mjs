// What runs inside the page: each function is taken there by its text, so none may use anything from outside of itself.

/** A snapshot of a large mail system over 90 days: 60 connectors, 20,000 remote hosts, cells in the order of their time. */
export function makeSnapshot(count) {
  let seed = 7;
  const random = (n) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 4_294_967_296) * n);
  };
  const names = Array.from({ length: 60 }, (_, i) => `connector ${i}`),
    length = 60 * 2 * 5 * 3,
    end = Math.floor(Date.UTC(2026, 2, 19, 16, 30) / 60_000),
    minutes = 90 * 1440;
  const bytes = (of) => Uint8Array.from({ length }, (_, s) => of(s));
  const series = {
    length,
    unit: bytes(() => 0),
    direction: bytes((s) => s & 1),
    outcome: bytes(() => 0),
    tls: bytes((s) => [0, 2, 4, 5, 7][(s >> 1) % 5]),
    fault: bytes(() => 0),
    forced: bytes(() => 0),
    type: bytes((s) => s % 4),
    connector: Int32Array.from({ length }, (_, s) => 1 + Math.floor(s / 30)),
    cipher: Int32Array.from({ length }, (_, s) => s % 3),
  };
  const cells = () => {
    // Some connectors are much larger than others.
    const all = {
      length: count,
      minute: new Int32Array(count),
      series: new Int32Array(count),
      messages: new Float64Array(count),
      recipients: new Float64Array(count),
      bytes: new Float64Array(count),
      file: new Int32Array(count),
      line: new Float64Array(count),
    };
    for (let i = 0; i < count; i++) {
      all.minute[i] = end - minutes + Math.floor((i / count) * minutes);
      all.series[i] = Math.floor((random(length) * (random(1000) + 1)) / 1000);
      all.messages[i] = 1 + random(4);
      all.recipients[i] = all.messages[i];
      all.bytes[i] = 4000;
      all.line[i] = i * 3 + 1;
    }
    return all;
  };
  const remotes = Array.from({ length: 20_000 }, (_, i) => `mx${i % 7}.host${Math.floor(i / 7)}.example`);
  const remoteCells = cells();
  remoteCells.remote = Int32Array.from(
    { length: count },
    () => 2 + Math.floor((random(20_000) * (random(1000) + 1)) / 1000),
  );
  const cube = {
    connectors: ['', '(other)', ...names],
    ciphers: ['', '(other)', 'TLS_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
    remotes: ['', '(other)', ...remotes],
    series,
    cells: cells(),
    remoteCells,
    cellMinutes: 1,
    remoteMinutes: 1,
  };
  const file = {
    path: '/var/log/mail.log',
    format: 'postfix',
    bytes: 1,
    lines: { read: 3 * count, used: count, context: 2 * count, skipped: 0 },
    problems: [],
    state: 'complete',
    advice: [],
    checkpoints: [],
  };
  return {
    analysis: { files: [file], cube, progress: { read: 1, total: 1 }, complete: true },
    reading: false,
    limits: { noTls: 25, tls10: 50 },
    period: 'all',
    timeZone: 'Europe/Rome',
    language: 'en',
    sentences: {},
    fileNames: ['mail.log'],
    from: undefined,
    to: undefined,
  };
}

/** Stands for VS Code and the extension host: gives the page its snapshot, and answers a change of the period at once. */
export function host(snapshot) {
  let state = { surface: 'connectors' };
  const post = (message) => window.postMessage(message, '*');
  window.acquireVsCodeApi = () => ({
    getState: () => state,
    setState: (next) => {
      state = next;
    },
    postMessage: (message) => {
      const { minute } = snapshot.analysis.cube.cells,
        end = (minute.at(-1) + 1) * 60_000;
      if (message.type === 'ready')
        post({ type: 'snapshot', snapshot: { ...snapshot, from: minute[0] * 60_000, to: end } });
      if (message.type !== 'period') return;
      const { period } = message,
        days = Number.parseInt(period, 10);
      const [from, to] =
        typeof period === 'object'
          ? [Date.parse(period.from), Date.parse(period.to)]
          : [Number.isNaN(days) ? minute[0] * 60_000 : end - days * 86_400_000, end];
      const view = { ...snapshot, period, from, to };
      delete view.analysis;
      delete view.fileNames;
      post({ type: 'view', view });
    },
  });
}

/** Makes each kind of change some times and measures from the reader's act to the frame that shows it. */
export async function measureChanges({ rounds, only }) {
  const body = document.body,
    find = (selector) =>
      document.querySelector(`.surface:not([hidden]) ${selector}`) ?? document.querySelector(selector);
  const drawn = () => Number(body.dataset.drawn ?? 0);
  const until = (test) =>
    new Promise((done) => {
      if (test()) {
        done();
        return;
      }
      const observer = new MutationObserver(() => {
        if (test()) {
          observer.disconnect();
          done();
        }
      });
      observer.observe(body, { attributes: true, attributeFilter: ['data-drawn'] });
    });
  // Work that was put off until the page has been seen must be over before the next change begins.
  const rest = () => new Promise((done) => setTimeout(() => requestIdleCallback(done), 150));
  /** The end of the frame after the drawing: a message is delivered after the browser has painted. */
  const pixels = () =>
    new Promise((done) =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done(performance.now());
        channel.port2.postMessage(0);
      }),
    );
  const pick = (label, i) => {
    const list = document.querySelector(`vscode-dropdown[aria-label="${label}"]`);
    list.value = list.options[i].value;
    list.dispatchEvent(new Event('change'));
  };
  const search = (words) => {
    const field = document.querySelector('.search');
    field.value = words;
    field.dispatchEvent(new Event('input'));
  };
  const pointer = (type, x) => {
    const { left, top, width } = find('.chart').getBoundingClientRect();
    find('.chart').firstElementChild.dispatchEvent(
      new PointerEvent(type, {
        bubbles: true,
        button: 0,
        buttons: 1,
        pointerId: 1,
        clientX: left + width * x,
        clientY: top + 80,
      }),
    );
  };
  await until(() => drawn() > 0);
  await rest();
  const results = [];
  /** The drawing of what the reader looks at; a chart that was given other figures has another label. */
  const seenIn = (selector, seen) => () =>
    new Promise((done) => {
      const observer = new MutationObserver(() => {
        observer.disconnect();
        done();
      });
      observer.observe(find(selector), seen);
    });
  const charted = seenIn('.chart', { childList: true, attributeFilter: ['aria-label'] }),
    listed = seenIn('.grid tbody', { childList: true, characterData: true, subtree: true });
  /** The two views have each its chart, of which one is hidden. */
  const viewed = () =>
    new Promise((done) => {
      const observer = new MutationObserver(() => {
        observer.disconnect();
        done();
      });
      observer.observe(find('.chart').parentElement, { attributeFilter: ['hidden'] });
    });
  const measure = async (name, act, first = charted, prepare = () => undefined) => {
    if (!name.includes(only)) return;
    const seen = [],
      whole = [];
    for (let i = -3; i < rounds; i++) {
      prepare(i);
      await rest();
      const before = drawn(),
        change = first(),
        start = performance.now();
      if (i >= 0) performance.mark(`start ${name}`);
      await act((i + 4) % 4, i);
      await change;
      const soon = await pixels();
      if (i >= 0) performance.mark(`seen ${name}`);
      await until(() => (first === all || first === moved ? true : drawn() > before));
      const end = await pixels();
      if (i >= 0) {
        seen.push(soon - start);
        whole.push(end - start);
      }
    }
    results.push({ name, seen, whole });
  };
  /** A change that is seen when all is drawn. */
  const all = () => {
    const before = drawn();
    return until(() => drawn() > before);
  };
  const moved = () => Promise.resolve();
  Element.prototype.setPointerCapture = () => {};
  await measure('period: 7, 30, 90 days, everything', (i) => pick('Period', i));
  pick('Period', 3);
  await rest();
  await measure('period by a drag over the chart, then back', async (_, i) => {
    if (i % 2) {
      pick('Period', 3);
      return;
    }
    pointer('pointerdown', 0.3);
    pointer('pointermove', 0.5);
    pointer('pointerup', 0.6);
    dispatchEvent(new PointerEvent('pointerup'));
  });
  pick('Period', 3);
  await rest();
  await measure('show data for one connector', (i, n) => pick('Show data for', 1 + ((n + 3) % 8)));
  pick('Show data for', 0);
  await rest();
  await measure('view by TLS usage, mail flow', (i) => pick('View by', i % 2), viewed);
  pick('View by', 0);
  await rest();
  await measure(
    'the same, of another connector each time',
    (i) => pick('View by', i % 2),
    viewed,
    (i) => pick('Show data for', (i + 4) % 8),
  );
  pick('Show data for', 0);
  pick('View by', 0);
  await rest();
  document.querySelector('.grid').scrollIntoView();
  await rest();
  await measure('search in the details', (i) => search(['connector 1', 'connector 2', 'inbound', ''][i]), listed);
  search('');
  await rest();
  await measure('sort the details', () => document.querySelector('[data-key="sort volume"]').click(), listed);
  scrollTo({ top: 0 });
  await rest();
  await measure(
    'go to another surface',
    (i) => document.querySelector(`nav [data-key="${['overview', 'tls', 'map', 'connectors'][i]}"]`).click(),
    all,
  );
  document.querySelector('nav [data-key="connectors"]').click();
  await rest();
  pointer('pointerdown', 0.2);
  pointer('pointermove', 0.25);
  await measure('movement of the brush while dragging', (i) => pointer('pointermove', 0.3 + 0.1 * i), moved);
  pointer('pointercancel', 0.3);
  return results;
}
