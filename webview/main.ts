/** The report page: messages of the host in, the page drawn, the reader's wishes out. */
import type { Period } from '../src/core/report/period';
import type { FromReport, ReportSnapshot, ReportView } from '../src/protocol';
import { vscode } from './api';
import { registerControls } from './controls';
import { h } from './dom';
import { readMessage } from './messages';
import { patterns } from './patterns';
import type { Server } from '../src/core/report/servers';
import { inPeriod, Report } from './report';
import { choosableServers, chosenServer, ofServer } from './servers';
import { restoreState, type PageState, type Surface } from './state';
import { Text } from '../src/presentation/text';
import { onThemeChange, readTheme } from './theme';
import { ConnectorReport } from './view/connectors';
import { Coverage } from './view/coverage';
import { Notice } from './view/empty';
import { Header } from './view/header';
import { FlowMap } from './view/map';
import { Overview } from './view/overview';
import type { Actions, Page, Part } from './view/part';
import { TlsOverview } from './view/tls';

registerControls();

let state: PageState = restoreState(vscode.getState());
let snapshot: ReportSnapshot | undefined;
let report: Report | undefined;
/** What the report was made of, and the server whose mail it shows. */
let drawnOf: ReportSnapshot | undefined;
let server: Server | undefined;
/** The period that the reader has chosen and the host does not know yet. */
let awaited: Period | undefined;
let broken = false;
let text = new Text(document.documentElement.lang || 'en', {}, 'UTC');
let theme = readTheme();

const actions: Actions = {
  change(part) {
    const moved = part.surface !== undefined && part.surface !== state.surface;
    state = { ...state, ...part };
    vscode.setState(state);
    schedule();
    if (moved) {
      movedTo = state.surface;
      scrollTo({ top: 0 });
    }
  },
  toggle: (name, open) =>
    actions.change({
      open: open
        ? [...state.open.filter((other) => other !== name), name].slice(-50)
        : state.open.filter((other) => other !== name),
    }),
  reveal: (place) => post({ type: 'reveal', place }),
  period: (period) => {
    if (!snapshot) return;
    // The page need not wait for the host to show it; until the host has it too, what the host sends is of an older
    // one.
    awaited = period;
    snapshot = inPeriod(snapshot, period);
    schedule();
    post({ type: 'period', period });
  },
  post,
  redraw: () => schedule(),
};

const header = new Header(actions),
  coverage = new Coverage(actions),
  notice = new Notice(actions);
const surfaces: Record<Surface, Part> = {
  overview: new Overview(actions),
  tls: new TlsOverview(actions),
  connectors: new ConnectorReport(actions),
  map: new FlowMap(actions),
};
const main = h(
  'main',
  {},
  notice.element,
  Object.values(surfaces).map((part) => part.element),
);
document.body.append(patterns(), header.element, coverage.element, main);

function post(message: FromReport): void {
  vscode.postMessage(message);
}

// A redraw between the press and the release of a button would take the button away from under the pointer.
let scheduled = false,
  pressed = false;
addEventListener('pointerdown', () => {
  pressed = true;
});
const released = () => {
  pressed = false;
  if (scheduled) setTimeout(drawOrSay);
};
for (const end of ['pointerup', 'pointercancel', 'blur']) addEventListener(end, released);
addEventListener('pointermove', (event) => {
  if (pressed && event.buttons === 0) released();
});

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  // Still in this task, so that the browser does not paint what is about to be drawn anew.
  queueMicrotask(drawOrSay);
}

/** Figures of an earlier drawing must not stay where the next one fails. */
function drawOrSay(): void {
  draw().catch((error: unknown) => {
    reportError(error);
    if (broken) return;
    broken = true;
    schedule();
  });
}

/** The surface that the reader has just gone to, until it is drawn and the keyboard stands at its head. */
let movedTo: Surface | undefined;
let turn = 0;
/** Finished drawings, also to be seen from outside: an open page says nothing about what is in it. */
let drawings = 0;
async function draw(): Promise<void> {
  if (!scheduled || pressed) return;
  scheduled = false;
  const mine = ++turn;
  const show = (surface?: Surface) => {
    for (const [name, part] of Object.entries(surfaces)) part.element.hidden = name !== surface;
    notice.element.hidden = surface !== undefined;
  };
  for (const part of [header, coverage])
    part.element.hidden = broken || !snapshot || snapshot.analysis.files.length === 0;
  if (broken) {
    show();
    notice.broken(text);
    return;
  }
  if (!snapshot) {
    show();
    notice.waiting(text);
    return;
  }
  const page = pageOf(snapshot);
  header.update(page);
  coverage.update(page);
  if (notice.update(page.report, text)) show();
  else {
    show(state.surface);
    await surfaces[state.surface].update(page);
    focusHead();
  }
  if (mine !== turn) return;
  document.body.dataset.drawn = String(++drawings);
  post({ type: 'drawn' });
}

/** What is drawn of a snapshot; the figures of before where nothing has changed that they follow from. */
function pageOf(of: ReportSnapshot): Page {
  const wanted = chosenServer(of.analysis, state.server);
  const otherUnit = report && report.unit !== state.unit && report.has.messages && report.has.sessions;
  if (!report || drawnOf !== of || server !== wanted || otherUnit) {
    report = new Report(ofServer(of, wanted), state.unit, wanted === undefined ? undefined : [wanted]);
    drawnOf = of;
    server = wanted;
  }
  return { report, state: { ...state, server }, servers: choosableServers(of.analysis), text, theme };
}

/** Whoever came by a button that is gone now goes on from the heading, not from the top of the page. */
function focusHead(): void {
  if (movedTo === undefined || movedTo !== state.surface) return;
  movedTo = undefined;
  if (document.activeElement && document.activeElement !== document.body && document.activeElement.checkVisibility())
    return;
  const head = surfaces[state.surface].element.querySelector('h2');
  head?.setAttribute('tabindex', '-1');
  head?.focus({ preventScroll: true });
}

/** What the host has sent, in the period that the reader waits for. */
function settled(next: ReportSnapshot): ReportSnapshot {
  if (awaited !== undefined && JSON.stringify(awaited) === JSON.stringify(next.period)) awaited = undefined;
  return awaited === undefined ? next : inPeriod(next, awaited);
}

/** Whether the host only confirms what the page has drawn already. */
function isShown(next: ReportSnapshot, view: ReportView): boolean {
  return (Object.keys(view) as (keyof ReportView)[]).every(
    (key) => JSON.stringify(next[key]) === JSON.stringify(snapshot?.[key]),
  );
}

addEventListener('message', (event) => {
  const message = readMessage(event.data);
  if (message === undefined) return;
  if (message === 'broken') {
    broken = true;
    schedule();
    return;
  }
  if (message.type === 'show') {
    actions.change({
      surface: 'connectors',
      selection: { connector: message.connector, direction: message.direction },
    });
    return;
  }
  if (message.type === 'view') {
    if (!snapshot) return;
    const next = settled({ ...snapshot, ...message.view, analysis: snapshot.analysis, fileNames: snapshot.fileNames });
    if (isShown(next, message.view)) return;
    snapshot = next;
  } else {
    snapshot = settled(message.snapshot);
  }
  broken = false;
  const { language, sentences, timeZone } = snapshot;
  text = new Text(language, sentences, timeZone);
  document.documentElement.lang = text.language;
  schedule();
});

onThemeChange(() => {
  theme = readTheme();
  schedule();
});
schedule();
post({ type: 'ready' });
