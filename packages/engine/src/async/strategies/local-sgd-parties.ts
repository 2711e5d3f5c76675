import { defineParties, type ReplicaContext, type Results } from '../parties.js';
import { RollCall } from './roll-call.js';

type ToOwner =
  { readonly type: 'trained'; readonly results: Results } | { readonly type: 'ready'; readonly more: boolean };

/** `fresh`: the replica holds the owner's parameters already. */
interface Go {
  readonly fresh: boolean;
}

export interface LocalSgdOptions {
  readonly every: number;
}

/** Replicas train alone; the owner averages when all live ones have done their steps. */
export default defineParties<ToOwner, Go>({
  owner({ store, send, finish }) {
    let roll = new RollCall([]);
    let more = false;
    /** Those that have trained since the last average. */
    const trained = new Set<number>();
    const start = (fresh: boolean): void => {
      more = false;
      for (const replica of roll.live) {
        roll.wake(replica);
        send(replica, { fresh });
      }
    };
    const averageIfAllAreReady = (): void => {
      if (!roll.allIdle || roll.live.length === 0) return;
      // A mean of what all have got anyway would still be rounded, and a step of an outer optimizer.
      if (trained.size > 0) store.average(roll.live);
      trained.clear();
      if (more) start(false);
      else finish();
    };
    return {
      begin(_units, live) {
        roll = new RollCall(live);
        trained.clear();
        start(true);
      },
      receive(replica, message) {
        if (message.type === 'trained') {
          trained.add(replica);
          store.record({ replica, results: message.results, staleness: 0 });
          return;
        }
        more ||= message.more;
        roll.rest(replica);
        averageIfAllAreReady();
      },
      lost(replica) {
        roll.lose(replica);
        trained.delete(replica);
        // What it leaves is claimed after the next average.
        more = true;
        averageIfAllAreReady();
      },
    };
  },
  replica(context) {
    const { every } = context.options as LocalSgdOptions;
    return {
      receive({ fresh }) {
        if (!fresh) context.store.pull();
        trainNext(context, every);
      },
    };
  },
});

function trainNext(context: ReplicaContext<ToOwner>, left: number): void {
  const { store, clock, send } = context;
  const unit = left > 0 ? store.claim() : null;
  if (unit === null) {
    send({ type: 'ready', more: left === 0 });
    return;
  }
  let results: Results = [];
  clock.spend(
    () => {
      results = store.update(unit);
      store.finish(unit);
    },
    () => {
      send({ type: 'trained', results });
      trainNext(context, left - 1);
    },
  );
}
