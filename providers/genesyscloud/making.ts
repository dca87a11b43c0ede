/**
 * Making an object once, whatever happens to the answer.
 *
 * A POST is never repeated. Where one may have taken effect unseen - an engine died in it, or its answer was lost - the object is
 * looked for by its name, and adopted instead of made again when it is known to be our own:
 * 1. we began to make it: the engine announced it in its state before the call (`interrupted`), or this process sent the POST;
 * 2. it bears the name (or numbers, or key) that no other object of its kind can bear;
 * 3. the state does not hold it as an earlier object of this resource, which is being replaced;
 * 4. it says, property by property, what the creation says.
 * Anything short of that is refused with what to do: an object that merely has the name is somebody else's.
 */
import { UserError } from "../../model/errors";
import { HttpError } from "../lib/http";
import { type Interrupted, NothingLeft } from "../lib/provider";
import type { Entity, GenesysClient } from "./client";

/** Waits, in seconds, between looks for an object whose POST may still be under way, or not visible to reads yet. */
const LOOK_AGAIN_SECONDS = [0.5, 1, 2, 4, 8];

/** How one object is found again. */
export interface Making {
  /** For messages: `site "North"`. */
  what: string;
  /** The POST. */
  send(): Promise<Entity>;
  /** Whole objects with this one's name. */
  named(): Promise<Entity[]>;
  /** Properties in which an object is not what the creation says; none for our own. */
  differs(entity: Entity): Promise<string[]>;
  /** Its id in the state, where that is not the object's own. */
  idOf?(entity: Entity): string;
  /** Ask before the POST whether the name is taken: the API may make a second one, and what bears the name after a lost answer is ours. */
  askFirst?: boolean;
  /** Why one that is found cannot be adopted, whatever it says. */
  lost?: string;
}

/** Makes the object, or adopts what an earlier attempt made of it. Throws UserError when the name is somebody else's. */
export async function make(
  client: GenesysClient,
  interrupted: Interrupted | undefined,
  m: Making,
): Promise<{ entity: Entity; adopted: boolean }> {
  if (interrupted) {
    // What is only to be deleted need not be whole.
    const own = await lookFor(client, interrupted.undo ? { ...m, lost: undefined } : m, interrupted.ids);
    if (own) return { entity: own, adopted: true };
    if (interrupted.undo) throw new NothingLeft();
  } else if (m.askFirst) {
    const taken = (await m.named())[0];
    if (taken) throw new UserError(takenText(m, taken));
  }
  try {
    return { entity: await m.send(), adopted: false };
  } catch (e) {
    if (!(e instanceof HttpError)) throw e;
    if (e.ambiguous) {
      // Only where the name was free a moment ago is what bears it now known to be of this POST.
      const free = m.askFirst || interrupted !== undefined;
      const own = free ? await lookFor(client, m, interrupted?.ids ?? []).catch(() => undefined) : undefined;
      if (own) return { entity: own, adopted: true };
      e.message += `. It may have been carried out: look for ${m.what} in Genesys Cloud, and import or delete it before the next update`;
    } else if (e.status === 409) {
      const taken = (await m.named().catch(() => []))[0];
      if (taken) e.message += `. ${takenText(m, taken)}`;
    }
    throw e;
  }
}

/** Our own half-made object, once it shows; undefined when there is none by the name. */
async function lookFor(client: GenesysClient, m: Making, not: readonly string[]): Promise<Entity | undefined> {
  const id = (e: Entity) => m.idOf?.(e) ?? e.id ?? "";
  for (const wait of [0, ...LOOK_AGAIN_SECONDS]) {
    if (wait > 0) await client.clock.sleep(wait, client.signal);
    const found = (await m.named()).filter((e) => !not.includes(id(e)));
    const [first, second] = found;
    if (!first) continue;
    if (second)
      throw new UserError(
        `${m.what} was being made when an update died, and is there ${found.length} times (${found.map(id).join(", ")}); delete all but one, and import that.`,
      );
    const differs = m.lost ? [] : await m.differs(first);
    if (differs.length === 0 && !m.lost) return first;
    const why = m.lost ?? `it differs from the program in ${differs.slice(0, 5).join(", ")}`;
    throw new UserError(
      `${m.what} was being made when an update died; one with that name is there (${id(first)}), but ${why}. ${cure(id(first))}`,
    );
  }
  return undefined;
}

const cure = (id: string) =>
  `Import it (resource option import: "${id}"), or delete it in Genesys Cloud, and run again`;

function takenText(m: Making, e: Entity): string {
  const id = m.idOf?.(e) ?? e.id ?? "";
  return `${m.what} is there already (${id}) and not in this stack's state, so it is not known to be its own. ${cure(id)}`;
}
