import { Opened, Tier, type Box, type BoxedLine } from './box';
import { rfc3339, stamp } from './stamps';

/** A colour of a terminal (ECMA-48, SGR). */
const colour = String.raw`\x1b\[[\d;]*m`;

/** A box that is a text before the line, which itself stays as it is. */
function prefix(source: string, tell: (line: BoxedLine, found: RegExpExecArray) => void, tier = Tier.certain): Box {
  const pattern = new RegExp(`^(?:${source})`);
  return {
    tier,
    open(line) {
      const found = pattern.exec(line.beginning());
      if (!found) return Opened.none;
      tell(line, found);
      line.start += found[0].length;
      return Opened.line;
    },
  };
}

/**
 * Kubernetes' log files, `2026-11-24T08:29:06.1Z stdout F text`, where `P` is part of a line
 * (https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md).
 */
export const cri: Box = {
  tier: Tier.certain,
  open(line) {
    const found = criForm.exec(line.beginning());
    if (!found) return Opened.none;
    [, line.time] = found;
    line.stream += found[2];
    line.start = Math.min(line.end, line.start + found[0].length);
    // Spaces at the end of a part belong to the line.
    if (found[3] !== 'P') return Opened.line;
    for (line.end = line.fullEnd; line.bytes[line.end - 1] === 13;) line.end--;
    line.end = Math.max(line.start, line.end);
    return Opened.part;
  },
};
const criForm = new RegExp(String.raw`^(${rfc3339}) (stdout|stderr) ([FP])(?::\S*)?(?: |$)`);

/**
 * `docker compose logs`: `postfix-mailcow-1  | text`, in colours on a terminal; `docker service logs` and podman-compose
 * are alike.
 */
export const compose = prefix(
  String.raw`(?:${colour})*\[?(\w[\w.@-]*)\]?\s*(?:${colour})*\s+\|(?:${colour})*(?: |$)(?:${colour})*`,
  (line, [, container]) => {
    line.host = container;
    line.stream += `${container} `;
  },
);

/** `kubectl logs --prefix`: `[pod/postfix-0/postfix] text`. */
export const kubectl = prefix(
  String.raw`(?:${colour})*\[pod/([^\s/\]]+)/[^\s\]]+\] ?(?:${colour})*`,
  (line, [, pod]) => {
    line.host = pod;
    line.stream += `${pod} `;
  },
);

/** stern: pod, container and line; it is told from words of a log by the stamp behind it. */
export const stern = prefix(
  String.raw`(?:${colour})*([a-z0-9][a-z0-9.-]*)(?:${colour})* (?:${colour})*[a-z0-9][a-z0-9-]*(?:${colour})* (?=${stamp} )`,
  (line, [, pod]) => {
    line.host = pod;
    line.stream += `${pod} `;
  },
);

/** The stamp and host of a relay before the line that it got; or a stamp alone, as `docker logs -t` sets it. */
export const relay = prefix(String.raw`${stamp} (?:\S*[^\s:] )?(?=${stamp} )`, () => {});

/** The same in the form of RFC 5424, of a line without a program of its own. */
export const structuredRelay = prefix(
  String.raw`<\d{1,3}>1 \S+ \S+ - \S+ \S+ (?:-|\[[^\]]*\]) +(?:\xef\xbb\xbf)?(?=${stamp} )`,
  () => {},
);

/** `docker logs -t` before text that has no stamp of its own, nor is one of syslog with it. */
export const dockerStamp = prefix(
  String.raw`(${rfc3339}) (?!(?:\S+ )?\S+\[\d+\]: )`,
  (line, [, time]) => {
    line.time = time;
  },
  Tier.stamps,
);

/** `journalctl -o json-sse`, and what systemd-journal-gatewayd gives as `text/event-stream`: `data: {…}`. */
export const serverSentEvent = prefix(String.raw`data: (?=\{)`, () => {});

/** RFC 6587, section 3.4.1: the length of the message in bytes before it. */
export const octetCount: Box = {
  tier: Tier.certain,
  open(line) {
    const found = counted.exec(line.beginning());
    if (!found) return Opened.none;
    const start = line.start + found[0].length,
      more = Number(found[1]) - (line.end - start);
    // Spaces and the end of the line, which may be counted, have been left out.
    if (more < 0 || more > line.fullEnd - line.end + 2) return Opened.broken;
    line.start = start;
    return Opened.line;
  },
};
const counted = /^(\d{1,7}) (?=<\d{1,3}>)/;
