/** Whole logs of real mail servers (and made ones of Exchange), against what was really sent, through the command line. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../reading/read';
import { root } from '../../root';

const folder = join(root, 'test/truth');
const versions: Record<string, string> = {
  'No TLS': 'none',
  'TLS 1.0': 'tls1.0',
  'TLS 1.1': 'tls1.1',
  'TLS 1.2': 'tls1.2',
  'TLS 1.3': 'tls1.3',
};

type Counts = Record<string, Record<string, { messages: number; recipients: number }>>;
interface Truth {
  inbound_total: { messages: number; recipients: number };
  outbound_total: { transactions: number; recipients: number };
  inbound_by_service_and_tls: Counts;
  inbound_by_client_and_tls: Counts;
  outbound_by_relay_and_tls: Counts;
}

const truthOf = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.truth.json`), 'utf8')) as Truth;

function report(...files: string[]): Json {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      join(root, 'dist/cli.js'),
      '--format',
      'json',
      '--period',
      'all',
      '--time-zone',
      'UTC',
      '--year',
      '2026',
      ...files.map((file) => join(folder, file)),
    ],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  assert.equal(status, 0, stderr);
  const json = JSON.parse(stdout) as Json;
  for (const { lines, path } of json.inputs) assert.equal(lines.read, lines.used + lines.context + lines.skipped, path);
  return json;
}

/** Messages by TLS version, without the versions that have none. `as` says what the log can show of each version. */
function byVersion(
  counts: Record<string, { messages: number }>,
  as = (version: string) => version,
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [version, { messages }] of Object.entries(counts)) {
    const key = as(versions[version]);
    sums[key] = (sums[key] ?? 0) + messages;
  }
  return sums;
}
const present = (tls: Record<string, number>) => Object.fromEntries(Object.entries(tls).filter(([, n]) => n > 0));

/** Messages by remote host and TLS version, over all connectors of a direction. */
function byHost(json: Json, direction: string): Record<string, Record<string, number>> {
  const hosts: Record<string, Record<string, number>> = {};
  for (const connector of json.connectors.filter((c) => c.direction === direction)) {
    for (const { host, tls } of connector.remotes)
      for (const [version, n] of Object.entries(present(tls)))
        (hosts[host] ??= {})[version] = (hosts[host][version] ?? 0) + n;
  }
  return hosts;
}

function agrees(json: Json, truth: Truth, as?: (version: string) => string): void {
  assert.equal(json.totals.inbound.messages, truth.inbound_total.messages);
  assert.equal(json.totals.outbound.messages, truth.outbound_total.transactions);
  assert.equal(json.totals.outbound.recipients, truth.outbound_total.recipients);
  assert.deepEqual(
    byHost(json, 'inbound'),
    Object.fromEntries(
      Object.entries(truth.inbound_by_client_and_tls).map(([host, counts]) => [host, byVersion(counts, as)]),
    ),
  );
  assert.deepEqual(
    byHost(json, 'outbound'),
    Object.fromEntries(
      Object.entries(truth.outbound_by_relay_and_tls).map(([host, counts]) => [host, byVersion(counts, as)]),
    ),
  );
}

/** No version is shown more often than it was used, and what is missing is `hidden`. */
function agreesButForUnknown(found: Record<string, Record<string, number>>, counts: Counts, hidden: string): void {
  assert.deepEqual(Object.keys(found).sort(), Object.keys(counts).sort());
  for (const [host, tls] of Object.entries(found)) {
    const used = byVersion(counts[host]),
      missing = Object.keys(used).reduce((sum, version) => sum + used[version] - (tls[version] ?? 0), 0);
    for (const [version, n] of Object.entries(tls))
      assert.ok(n <= (version === hidden ? missing : (used[version] ?? 0)), `${host} ${version}`);
    assert.equal(tls[hidden] ?? 0, missing, host);
  }
}

describe('the truth of whole logs @slow', () => {
  for (const [file, name] of [
    ['postfix-default.maillog.gz', 'postfix-default'],
    ['postfix-journald-default.short.log.gz', 'postfix-journald-default'],
    ['postfix-journald-default.short-iso.log.gz', 'postfix-journald-default'],
    ['postfix-journald-default.json.log.gz', 'postfix-journald-default'],
  ]) {
    it(file, () => {
      const json = report(file),
        truth = truthOf(name);
      agrees(json, truth);
      assert.equal(json.totals.inbound.recipients, truth.inbound_total.recipients);
      const connectors = json.connectors
        .filter((c) => c.direction === 'inbound')
        .map((c) => [c.name ?? 'mx', { tls: present(c.tls), recipients: c.recipients }]);
      assert.deepEqual(
        Object.fromEntries(connectors),
        Object.fromEntries(
          Object.entries(truth.inbound_by_service_and_tls).map(([service, counts]) => [
            service,
            { tls: byVersion(counts), recipients: Object.values(counts).reduce((sum, c) => sum + c.recipients, 0) },
          ]),
        ),
      );
    });
  }
  it('Postfix among servers of every kind, in two instances, with AUTH; what access rules discard is told', () => {
    const json = report('postfix-more.maillog.gz');
    agrees(json, truthOf('postfix-more'));
    assert.deepEqual(
      json.inputs[0].problems.map(({ code, count }) => [code, count]),
      [['discard-not-counted', 4]],
    );
    assert.ok(json.connectors.some(({ name, direction }) => name === 'postfix-out' && direction === 'outbound'));
  });
  it('a Postfix log that shows no TLS never says "No TLS" for a message that had some', () => {
    const json = report('postfix-loglevel0.maillog.gz'),
      truth = truthOf('postfix-loglevel0');
    assert.equal(json.totals.inbound.messages, truth.inbound_total.messages);
    assert.equal(json.totals.inbound.recipients, truth.inbound_total.recipients);
    assert.equal(json.totals.outbound.messages, truth.outbound_total.transactions);
    assert.ok(json.totals.inbound.tls.none <= 31);
    assert.equal(
      json.totals.inbound.tls.none + json.totals.inbound.tls.tls + json.totals.inbound.tls.unknown,
      truth.inbound_total.messages,
    );
    assert.deepEqual(present(json.totals.outbound.tls), { unknown: truth.outbound_total.transactions });
    assert.deepEqual(json.inputs[0].advice, ['postfix-smtpd-tls-loglevel', 'postfix-smtp-tls-loglevel']);
  });
  it('a journal without process ids gives the volume, and says why TLS is unknown', () => {
    const json = report('postfix-journald-default.cat.log.gz'),
      truth = truthOf('postfix-journald-default');
    assert.deepEqual(
      [json.totals.inbound.messages, json.totals.outbound.messages],
      [truth.inbound_total.messages, truth.outbound_total.transactions],
    );
    assert.deepEqual(
      [present(json.totals.inbound.tls), present(json.totals.outbound.tls)],
      [{ unknown: truth.inbound_total.messages }, { unknown: truth.outbound_total.transactions }],
    );
    assert.ok(json.inputs[0].problems.some(({ code }) => code === 'no-process-id'));
  });
  for (const name of ['default', 'selector-all'])
    it(`exim-${name}`, () => agrees(report(`exim-${name}.mainlog.gz`), truthOf(`exim-${name}`)));
  it('exim without X= fields: TLS, version not logged', () =>
    agrees(report('exim-no-tls-cipher.mainlog.gz'), truthOf('exim-no-tls-cipher'), (version) =>
      version === 'none' ? 'none' : 'tls',
    ));
  for (const file of ['sendmail-default.maillog.gz', 'sendmail-default.rfc3339.log.gz'])
    it(file, () => agrees(report(file), truthOf('sendmail-default')));
  it('Sendmail among servers of every kind: STARTTLS offered now and then, too many recipients, broken off, local', () =>
    agrees(report('sendmail-more.maillog.gz'), truthOf('sendmail-more')));
  it('Sendmail with its log level changed at restarts: unknown where it hides TLS, and nothing taken for damage', () => {
    const json = report('sendmail-levels.maillog.gz'),
      truth = truthOf('sendmail-levels');
    assert.equal(json.inputs[0].lines.skipped, 0);
    assert.equal(json.totals.inbound.messages, truth.inbound_total.messages);
    assert.equal(json.totals.outbound.messages, truth.outbound_total.transactions);
    // `ESMTPS` says at any level that there was TLS.
    agreesButForUnknown(byHost(json, 'inbound'), truth.inbound_by_client_and_tls, 'tls');
    agreesButForUnknown(byHost(json, 'outbound'), truth.outbound_by_relay_and_tls, 'unknown');
    assert.ok(json.totals.outbound.tls.none > 0 && json.totals.outbound.tls.unknown > 0);
  });
  it('Exim with its log rotated within sessions, in any order', () => {
    const files = ['exim-more.1.mainlog.gz', 'exim-more.2.mainlog.gz'],
      truth = truthOf('exim-more');
    for (const order of [files, files.toReversed()]) {
      const json = report(...order);
      agrees(json, truth);
      assert.equal(json.totals.inbound.recipients, truth.inbound_total.recipients);
      assert.deepEqual(
        json.inputs.map(({ lines }) => lines.skipped),
        [0, 0],
      );
    }
  });
  it('opensmtpd', () => agrees(report('opensmtpd-outbound-tls.stderr-d.log.gz'), truthOf('opensmtpd-outbound-tls')));

  describe('Exchange', () => {
    const truth = JSON.parse(readFileSync(join(folder, 'exchange.truth.json'), 'utf8')) as Record<
      string,
      Record<string, Record<string, number>>
    > & {
      protocol_inbound_recipients_by_connector: Record<string, number>;
      protocol_outbound_recipients_by_connector: Record<string, number>;
    };
    const expected = (counts: Record<string, Record<string, number>>) =>
      Object.fromEntries(
        Object.entries(counts).map(([name, tls]) => [
          name,
          Object.fromEntries(Object.entries(tls).map(([version, n]) => [versions[version], n])),
        ]),
      );
    const found = (json: Json, direction: string) =>
      Object.fromEntries(
        json.connectors
          .filter((c) => c.direction === direction && c.messages > 0)
          .map((c) => [c.name ?? '(no connector)', present(c.tls)]),
      );
    const recipients = (json: Json, direction: string) =>
      Object.fromEntries(
        json.connectors.filter((c) => c.direction === direction && c.messages > 0).map((c) => [c.name, c.recipients]),
      );

    it('receive logs, whose sessions go from one file into the next, in any order', () => {
      for (const files of [
        ['exchange-RECV2026030207-1.LOG.gz', 'exchange-RECV2026030208-1.LOG.gz'],
        ['exchange-RECV2026030208-1.LOG.gz', 'exchange-RECV2026030207-1.LOG.gz'],
      ]) {
        const json = report(...files);
        assert.deepEqual(found(json, 'inbound'), expected(truth.protocol_inbound_messages_by_connector_and_tls));
        assert.deepEqual(recipients(json, 'inbound'), truth.protocol_inbound_recipients_by_connector);
      }
    });
    it('send logs', () => {
      const json = report('exchange-SEND2026030207-1.LOG.gz');
      assert.deepEqual(found(json, 'outbound'), expected(truth.protocol_outbound_messages_by_connector_and_tls));
      assert.deepEqual(recipients(json, 'outbound'), truth.protocol_outbound_recipients_by_connector);
    });
    it('the extended trace of Exchange Online, UTF-16 without mark', () => {
      assert.deepEqual(
        found(report('exchange-exo-extended-MTDetail.utf16le-nobom.csv.gz'), 'inbound'),
        expected(truth.extended_trace_inbound_messages_by_connector_and_tls),
      );
    });
    it('tracking and protocol logs together count each message once', () => {
      const protocol = report(
        'exchange-RECV2026030207-1.LOG.gz',
        'exchange-RECV2026030208-1.LOG.gz',
        'exchange-SEND2026030207-1.LOG.gz',
      );
      const both = report(
        'exchange-RECV2026030207-1.LOG.gz',
        'exchange-RECV2026030208-1.LOG.gz',
        'exchange-SEND2026030207-1.LOG.gz',
        'exchange-MSGTRK2026030207-1.LOG.gz',
      );
      for (const direction of ['inbound', 'outbound'] as const)
        for (const version of ['none', 'tls1.0', 'tls1.1', 'tls1.2', 'tls1.3'])
          assert.equal(both.totals[direction].tls[version], protocol.totals[direction].tls[version]);
    });
  });
});
