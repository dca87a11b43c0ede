import type { GenesysReader } from "../probes/genesys";
import { type RecordText, readRecord } from "../probes/record";
import type { Deployer } from "./deployer";
import type { Moved } from "./harm";

/** The phase record as the organisation holds it; null before the first up. */
export const recorded = (organisation: GenesysReader, stack: string): Promise<RecordText | null> =>
  readRecord(organisation, stack);

/**
 * What an up did, by the phase record in the organisation before and after it and by the gate in the stack's state: whatever the walk was meant
 * to do, this is what it did. `asked` is the world's time at the beginning.
 */
export async function movedBy(
  deployer: Pick<Deployer, "export">,
  stack: string,
  asked: Date,
  before: RecordText | null,
  after: RecordText | null,
): Promise<Moved> {
  const complete = after?.phase === "complete" && before?.phase !== "complete";
  return {
    at: asked,
    before: before?.waves ?? "",
    after: after?.waves ?? "",
    complete,
    unconfirmed: complete && (await confirmedAs(deployer)) !== stack,
  };
}

/** The name that the gate's last passage was confirmed with, as the state keeps it; undefined when it keeps none. */
async function confirmedAs(deployer: Pick<Deployer, "export">): Promise<string | undefined> {
  const { resources = [] } = (await deployer.export()).deployment;
  const gate = resources.find((r) => r.type === "gates:index:Gate") as
    | { inputs?: { facts?: { confirm?: string } } }
    | undefined;
  return gate?.inputs?.facts?.confirm || undefined;
}
