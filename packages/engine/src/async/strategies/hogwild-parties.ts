import { defineParties, type ReplicaContext, type Results } from '../parties.js';
import { RollCall } from './roll-call.js';

type ToOwner =
  { readonly type: 'added'; readonly results: Results; readonly staleness: number } | { readonly type: 'idle' };

/** The owner counts what the replicas do; nothing of theirs waits for it. */
export default defineParties<ToOwner, 'go'>({
  owner({ store, send, finish }) {
    let roll = new RollCall([]);
    const start = (some: readonly number[]): void => {
      for (const replica of some) {
        roll.wake(replica);
        send(replica, 'go');
      }
    };
    return {
      begin(_units, live) {
        roll = new RollCall(live);
        start(live);
      },
      receive(replica, message) {
        if (message.type === 'added') {
          store.record({ replica, results: message.results, staleness: message.staleness });
          return;
        }
        roll.rest(replica);
        if (roll.mustLookAgain(replica)) start([replica]);
        else if (roll.allIdle) finish();
      },
      lost(replica) {
        roll.lose(replica);
        // Those that have gone to rest claim what the lost one leaves.
        start(roll.idle);
      },
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
