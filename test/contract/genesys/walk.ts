import { refusal, type Suite } from "../harness";
import type { Sample } from "../models";
import type { SandboxWorld } from "../world";
import { type BuiltOrganisation, CLIENT_ID, client, logIn, pointAt } from "./api";
import { keepListings } from "./observed";
import { organisation, pages } from "./organisation";
import { sites } from "./sites";
import { trunks } from "./trunks";
import { ivrs, numbers } from "./numbers";
import { flows, tables } from "./architect";
import { access } from "./access";

/** Walks every resource that the program uses with the official SDK, and leaves an organisation that takes BYOC calls. */
export async function walkGenesys(suite: Suite, world: SandboxWorld): Promise<BuiltOrganisation> {
  pointAt(world.genesys);
  const samples: Sample[] = [];
  const keep = <T>(model: string, value: T): T => {
    samples.push({ type: `Models.${model}`, value: structuredClone(value) });
    return value;
  };
  await suite.check("a wrong secret is refused at the login", async () => {
    await refusal(client.loginClientCredentialsGrant(CLIENT_ID, "wrong"));
  });
  await logIn();
  await organisation(suite, keep);
  await pages(suite);
  const site = await sites(suite, keep);
  const trunkId = await trunks(suite, keep, site);
  await numbers(suite, keep);
  await ivrs(suite, keep);
  await tables(suite, keep);
  await flows(suite, keep, world);
  await access(suite, keep);
  await logIn();
  await keepListings(keep);
  return {
    trunkHost: "peers.byoc.use1.pure.cloud",
    number: "+15005550010",
    unbound: "+15005550011",
    queue: "Main inbound",
    trunkId,
    source: "127.51.100.44",
    samples,
  };
}
