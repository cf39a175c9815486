import { deepEqual } from 'node:assert/strict';
import { proposedRule } from '../../src/host/settings/proposals';

describe('A connector from a remote host', () => {
  it('takes the servers of the same domain with it, but not a whole top-level domain', () => {
    deepEqual(proposedRule('mx1.contoso.example', 'outbound'), {
      direction: 'outbound',
      hosts: ['mx1.contoso.example', '*.contoso.example'],
    });
    deepEqual(proposedRule('contoso.example', 'inbound'), { direction: 'inbound', hosts: ['contoso.example'] });
    deepEqual(proposedRule('contoso.co.uk', 'inbound'), { direction: 'inbound', hosts: ['contoso.co.uk'] });
    deepEqual(proposedRule('192.0.2.7', 'inbound'), { direction: 'inbound', addresses: ['192.0.2.7'] });
    deepEqual(proposedRule('2001:db8::1', 'outbound'), { direction: 'outbound', addresses: ['2001:db8::1'] });
  });
});
