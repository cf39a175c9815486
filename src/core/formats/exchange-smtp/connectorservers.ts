import type { CubeBuilder } from '../../cube/cubebuilder';
import type { WordId } from '../../model';

/** The servers that Receive connectors name: `SERVER\\Connector`. Send connectors belong to the organisation. */
export class ConnectorServers {
  private readonly known: WordId[] = [];

  constructor(private readonly words: CubeBuilder) {}

  /** The server of a connector; 0 where its name has none. */
  of(connector: WordId): WordId {
    return (this.known[connector] ??= this.read(connector));
  }

  private read(connector: WordId): WordId {
    // What stands for all connectors that are too many may be one of any server.
    if (connector === 1) return 1;
    const name = this.words.connectors.text(connector);
    return this.words.servers.id(name.slice(0, Math.max(0, name.indexOf('\\'))));
  }
}
