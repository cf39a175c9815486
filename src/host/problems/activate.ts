import type { ExtensionContext } from 'vscode';
import type { Reveal } from '../editor/reveal';
import type { Own } from '../own';
import type { Reading } from '../reading/activate';
import { Diagnostics } from './diagnostics';
import { Fixes } from './fixes';

/** Shows insights in the Problems panel, with what can be done about them. */
export function activateProblems(own: Own, context: ExtensionContext, { store }: Reading, reveal: Reveal): void {
  own(new Diagnostics(store, context.extensionUri, (line) => reveal.locate(line)));
  own(new Fixes(store, context.extensionUri));
}
