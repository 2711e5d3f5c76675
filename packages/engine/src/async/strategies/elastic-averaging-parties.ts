import { defineParties, type Replica, type ReplicaContext, type Results } from '../parties.js';
import { FreeRunning } from './free-running.js';

type ToOwner =
  { readonly type: 'trained'; readonly results: Results } | { readonly type: 'meet' } | { readonly type: 'idle' };
type ToReplica = 'go' | 'met';

export interface ElasticOptions {
  readonly every: number;
}

/** Zhang, Choromanska and LeCun 2015: now and then a replica and the owner's centre move towards each other. */
export default defineParties<ToOwner, ToReplica>({
  owner({ store, send, finish }) {
    const running = new FreeRunning((replica) => send(replica, 'go'), finish);
    return {
      begin: (_units, live) => running.begin(live),
      receive(replica, message) {
        switch (message.type) {
          case 'trained':
            store.record({ replica, results: message.results, staleness: 0 });
            return;
          case 'meet':
            store.attract(replica);
            send(replica, 'met');
            return;
          case 'idle':
            running.rested(replica);
        }
      },
      lost: (replica) => running.lost(replica),
    };
  },
  replica: (context) => new ElasticReplica(context),
});

class ElasticReplica implements Replica<ToReplica> {
  readonly #context: ReplicaContext<ToOwner>;
  readonly #every: number;
  /** Steps since the last meeting. */
  #alone = 0;

  constructor(context: ReplicaContext<ToOwner>) {
    this.#context = context;
    this.#every = (context.options as ElasticOptions).every;
  }

  receive(message: ToReplica): void {
    if (message === 'met') {
      this.#context.store.approach();
      this.#alone = 0;
    }
    this.#goOn();
  }

  /** Whoever has trained alone meets the owner before it rests, so that no step is lost. */
  #goOn(): void {
    const { store, clock, send } = this.#context;
    const unit = this.#alone < this.#every ? store.claim() : null;
    if (unit === null) {
      send({ type: this.#alone > 0 ? 'meet' : 'idle' });
      return;
    }
    let results: Results = [];
    clock.spend(
      () => {
        results = store.update(unit);
        store.finish(unit);
      },
      () => {
        this.#alone++;
        send({ type: 'trained', results });
        this.#goOn();
      },
    );
  }
}
