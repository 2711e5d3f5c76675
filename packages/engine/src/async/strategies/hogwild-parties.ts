import { defineParties, type ReplicaContext, type Results } from '../parties.js';
import { FreeRunning } from './free-running.js';

type ToOwner =
  { readonly type: 'added'; readonly results: Results; readonly staleness: number } | { readonly type: 'idle' };

/** The owner counts what the replicas do; nothing of theirs waits for it. */
export default defineParties<ToOwner, 'go'>({
  owner({ store, send, finish }) {
    const running = new FreeRunning((replica) => send(replica, 'go'), finish);
    return {
      begin: (_units, live) => running.begin(live),
      receive(replica, message) {
        if (message.type === 'idle') running.rested(replica);
        else store.record({ replica, results: message.results, staleness: message.staleness });
      },
      lost: (replica) => running.lost(replica),
    };
  },
  replica: (context) => ({ receive: () => addNext(context) }),
});

/** Niu et al. 2011: read without a lock, compute, add without a lock. */
function addNext(context: ReplicaContext<ToOwner>): void {
  const { store, clock, send } = context;
  const unit = store.claim();
  if (unit === null) {
    send({ type: 'idle' });
    return;
  }
  let results: Results = [];
  clock.spend(
    () => {
      store.pullShared();
      results = store.update(unit);
    },
    () => {
      // Before it is added: a replica that ends in between leaves its batch out, and none is added twice.
      store.finish(unit);
      send({ type: 'added', results, staleness: store.addToShared() });
      addNext(context);
    },
  );
}
