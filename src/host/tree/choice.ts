import { commands, EventEmitter, l10n, window, type Memento } from 'vscode';
import { Disposing } from '../dispose';
import { orders, type Order } from './order';

/** Under which the order is kept in the workspace. */
const orderKey = 'connectorOrder';

/**
 * Which connectors the user wants to see in the tree, and in which order: the commands, context keys and memory for it.
 */
export class ConnectorChoice extends Disposing {
  private readonly changed = this.own(new EventEmitter<void>());
  readonly onDidChange = this.changed.event;
  private wanted = '';
  private sorted: Order;

  constructor(private readonly kept: Memento) {
    super();
    this.sorted = orders.find((one) => one === kept.get(orderKey)) ?? 'volume';
    const all: Record<string, () => unknown> = {
      filterConnectors: () => this.ask(),
      clearConnectorFilter: () => this.filter(''),
      sortConnectorsByVolume: () => this.sort('volume'),
      sortConnectorsByShare: () => this.sort('share'),
    };
    for (const [name, act] of Object.entries(all)) this.own(commands.registerCommand(`mailFlow.${name}`, act));
    this.tellContext();
  }

  /** Part of a connector's name; empty for all connectors. */
  get text(): string {
    return this.wanted;
  }

  get order(): Order {
    return this.sorted;
  }

  filter(text: string): void {
    if (text === this.wanted) return;
    this.wanted = text;
    this.tell();
  }

  private async sort(order: Order): Promise<void> {
    this.sorted = order;
    this.tell();
    await this.kept.update(orderKey, order);
  }

  /** The tree follows while the user types; Escape brings back what was there before. */
  private ask(): void {
    const box = window.createInputBox(),
      before = this.wanted;
    let accepted = false;
    box.title = l10n.t('Filter Connectors');
    box.prompt = l10n.t('Part of the name of a connector. An empty text shows all connectors.');
    box.value = before;
    box.onDidChangeValue((text) => this.filter(text));
    box.onDidAccept(() => {
      accepted = true;
      box.hide();
    });
    box.onDidHide(() => {
      if (!accepted) this.filter(before);
      box.dispose();
    });
    box.show();
  }

  private tell(): void {
    this.tellContext();
    this.changed.fire();
  }

  private tellContext(): void {
    void commands.executeCommand('setContext', 'mailFlow.connectorsFiltered', this.wanted.trim() !== '');
    void commands.executeCommand('setContext', 'mailFlow.connectorOrder', this.sorted);
  }
}
