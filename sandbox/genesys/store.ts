/** The organisation in the sandbox: one store that the API serves and the SIP edge asks. */

import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { apiDomain } from "../../model/regions";
import type { NumberRange, Plan } from "../../model/types";
import type { RunnableFlow } from "./architect/program";
import { seed } from "./seed";
import { Access } from "./store/access";
import type { Ref, StoreContext } from "./store/collection";
import { Flows } from "./store/flows";
import { type Ivr, Ivrs } from "./store/ivrs";
import { Numbers } from "./store/numbers";
import { type Conversation, type OptionsStatus, Records, type SipTrace } from "./store/records";
import { Sites } from "./store/sites";
import type { Row } from "./store/tables";
import type { TrunkSettings } from "./store/trunk-settings";
import { Trunks } from "./store/trunks";

export type { Conversation, Leg, OptionsStatus, SipTrace } from "./store/records";
export type { TrunkSettings } from "./store/trunk-settings";

/** Credentials of the sandbox's deployer; not secret, they open nothing but a loopback world. */
export const SANDBOX_CLIENT_ID = "5a4db000-c07e-4a11-9c10-000000000001";
export const SANDBOX_CLIENT_SECRET = "sandbox-secret";

export interface GenesysOptions {
  /** Seconds until an ended conversation shows in analytics; default 0. */
  analyticsLagSeconds?: number;
  /** World seconds for which a read shows the state before a write; default 0. */
  readLagSeconds?: number;
  /** World seconds from the upload of a flow to its publication; default 0. */
  publishSeconds?: number;
  /** The first so many publish jobs fail, whatever they hold; default 0. */
  publishFailures?: number;
  /** Most numbers one IVR PUT may add; default no limit. */
  dnisAddedPerPutMax?: number;
  /** Products the organisation has ordered; default BYOC, Genesys Cloud Voice and CX 3. */
  products?: readonly string[];
  /** Rights that the migration's OAuth client does not have, `domain:entity:action`; default none: it may do everything. */
  clientLacks?: readonly string[];
  /** Call routes in the organisation's own emergency group: all, or those with a name of their own (default). */
  emergencyOf?: "all" | "named";
  /** Most calls at once in the organisation, for `calls/metrics`; default 10,000. */
  callCapacity?: number;
}

/** Uniform random numbers in [0, 1), such as `Random` of sandbox/random.ts. */
export interface RandomSource {
  next(): number;
}

/** A number's way in: the IVR that has it and the published flow it runs now. */
export interface NumberMatch {
  ivr: { id: string; name: string };
  flowName: string;
  flow: RunnableFlow;
}

export interface OutboundDecision {
  site: { id: string; name: string; callerId: string | null };
  /** Class of the dialled number by the site's number plans. */
  classification: string;
  /** Number to put on the wire. */
  number: string;
  route: { id: string; name: string };
  /** Enabled trunks in the order to try. */
  trunks: TrunkSettings[];
}

export interface Organisation {
  id: string;
  name: string;
  domain: string;
  defaultCountryCode: string;
  region: string;
  version: number;
}

/** The organisation: what the API shows and changes, and the edge runs calls by. */
export class GenesysStore {
  readonly plan: Plan;
  readonly clock: { now(): Date };
  readonly organisation: Organisation;
  readonly division: Ref;
  readonly products: readonly string[];
  readonly readLagSeconds: number;
  readonly access: Access;
  readonly numbers: Numbers;
  readonly flows: Flows;
  readonly ivrs: Ivrs;
  readonly sites: Sites;
  readonly trunks: Trunks;
  readonly records: Records;
  readonly callCapacity: number;
  private readonly random: RandomSource;

  /** Seeds the organisation as it stands before `baseline`. The same plan and random source give the same ids. */
  constructor(plan: Plan, clock: { now(): Date }, random: RandomSource, options: GenesysOptions = {}) {
    this.plan = plan;
    this.clock = clock;
    this.random = random;
    this.callCapacity = options.callCapacity ?? 10_000;
    this.products = options.products ?? ["byoc", "genesysCloudVoice", "genesysCloud3"];
    this.division = { id: this.newId(), name: "Home" };
    this.organisation = {
      id: this.newId(),
      name: plan.organisation.name,
      domain: apiDomain(plan.organisation.region),
      defaultCountryCode: "US",
      region: plan.organisation.region,
      version: 1,
    };
    const context: StoreContext = { now: () => clock.now(), newId: () => this.newId(), division: this.division };
    const { countryCode, countryName } = homeCountry(plan);
    this.organisation.defaultCountryCode = countryName;
    this.readLagSeconds = options.readLagSeconds ?? 0;
    this.access = new Access(context);
    this.numbers = new Numbers(context);
    this.flows = new Flows(context, options.publishSeconds, options.publishFailures);
    this.ivrs = new Ivrs(context, this.numbers, this.flows, options.dnisAddedPerPutMax);
    this.sites = new Sites(context, countryCode, [plan.organisation.region]);
    this.trunks = new Trunks(context, plan.organisation.region, (id) => this.sites.sites.find(id)?.name);
    this.records = new Records(() => clock.now(), options.analyticsLagSeconds ?? 0);
    seed(this, countryName, options.clientLacks, options.emergencyOf);
  }

  /** A UUID (version 4 form) out of the seeded source: the same seed gives the same ids. */
  newId(): string {
    let hex = "";
    while (hex.length < 32)
      hex += Math.floor(this.random.next() * 0x1_0000_0000)
        .toString(16)
        .padStart(8, "0");
    const variant = ((Number.parseInt(hex[16] as string, 16) & 3) | 8).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** The enabled BYOC trunk that answers to this host (Request-URI), or null. */
  byocTrunkFor(host: string): TrunkSettings | null {
    return this.trunks.byHostName(host);
  }

  /** The managed GCV trunk: recording and caller-id order of calls on the old path. */
  gcvTrunk(): TrunkSettings {
    const base = this.trunks.gcv();
    if (!base) throw new Error("the sandbox organisation has lost its GCV trunk");
    return this.trunks.settingsOf(base);
  }

  /**
   * The IVR and flow of a called number (E.164), or null for a 404. GCV answers only numbers of its own inventory; BYOC answers
   * BYOC numbers, and with `org-wide` matching GCV numbers too. `unknown` counts as `by-pool`, the stricter of the two.
   */
  matchNumber(
    dnis: string,
    how: { via: "gcv" | "byoc"; matching?: Plan["organisation"]["inboundMatching"] },
  ): NumberMatch | null {
    const provider = this.numbers.poolOf(dnis)?.provider;
    if (provider === undefined) return null;
    const matching = how.matching ?? this.plan.organisation.inboundMatching;
    if (how.via === "gcv" && provider !== "PURE_CLOUD_VOICE") return null;
    if (how.via === "byoc" && provider !== "PURE_CLOUD" && matching !== "org-wide") return null;
    const ivrId = this.numbers.owner.get(dnis);
    const ivr = ivrId === undefined ? undefined : this.ivrs.ivrs.find(ivrId);
    const flow = ivr && this.flowOf(ivr);
    return ivr && flow ? { ivr: { id: ivr.id, name: ivr.name }, flowName: flow.name, flow } : null;
  }

  /** The flow that calls for an IVR run now, by emergency group and schedules, or null. */
  flowOf(ivr: Ivr): RunnableFlow | null {
    const id = this.ivrs.flowIdOf(ivr);
    return id === undefined ? null : this.flows.runnableById(id);
  }

  /** A published flow by name, to hand to `runFlow`. */
  flow(name: string): RunnableFlow | null {
    return this.flows.runnable(name);
  }

  /** A queue and how many agents staff it; an unstaffed queue answers nobody. */
  queue(name: string): { id: string; name: string; agents: number } | null {
    const queue = this.flows.queues.named(name);
    return queue ? { id: queue.id, name: queue.name, agents: queue.memberCount } : null;
  }

  /** Row of a data table, for `FlowHost.lookup`. */
  lookup(table: string, key: string): Row | null {
    return this.flows.tables.lookup(table, key);
  }

  /**
   * The way out for a dialled number: number plan, classification, enabled route, trunks. `site` is a name or id; null is a
   * call that a flow makes: the site whose number plan lists the number, else the default site. Null = no route (404 class).
   */
  outbound(site: string | null, dialled: string): OutboundDecision | null {
    const found = this.sites.siteFor(site, dialled);
    const way = found && this.sites.routeFor(found.id, dialled);
    if (!found || !way?.route) return null;
    const trunks = way.route.externalTrunkBases.flatMap(({ id }) => {
      const base = this.trunks.bases.find(id);
      const settings = base && this.trunks.settingsOf(base);
      return settings?.enabled ? [settings] : [];
    });
    if (trunks.length === 0) return null;
    return {
      site: { id: found.id, name: found.name, callerId: found.callerId || null },
      classification: way.match.plan.classification,
      number: way.match.number,
      route: { id: way.route.id, name: way.route.name },
      trunks: way.route.distribution === "RANDOM" ? this.shuffle(trunks) : trunks,
    };
  }

  /** Adds or replaces (by id) a conversation record. */
  record(conversation: Conversation): void {
    this.records.record(conversation);
  }

  trace(trace: SipTrace): void {
    this.records.trace(trace);
  }

  setOptionsStatus(trunkId: string, status: OptionsStatus): void {
    this.records.setOptions(trunkId, status);
  }

  /** Number Management, done by a person. @throws ApiError 409 while one of the numbers is bound; nothing is removed then. */
  operatorRemoveFromInventory(ranges: readonly NumberRange[]): void {
    this.numbers.operatorRemove(ranges);
  }

  /** Adds call routes to an emergency group, or takes them out, as the screen of a call route does. @throws ApiError 404 for unknown names. */
  operatorSeats(group: string, flow: string, callRoutes: readonly string[], inside: boolean): void {
    this.ivrs.seat(group, flow, callRoutes, inside);
  }

  /** Switches an emergency group, as its screen does. @throws ApiError 404. */
  operatorSwitches(group: string, enabled: boolean): void {
    this.ivrs.switchGroup(group, enabled);
  }

  /** Names of the call routes that open a flow, at whatever hours. */
  callRoutesOf(flow: string): string[] {
    const id = this.flows.flows.named(flow)?.id;
    return id === undefined ? [] : this.ivrs.routesOfFlow(id).map((ivr) => ivr.name);
  }

  /** Ranges that GCV still holds. */
  inventory(): NumberRange[] {
    return this.numbers.inventory();
  }

  private shuffle<T>(list: readonly T[]): T[] {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = Math.floor(this.random.next() * (i + 1));
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }
}

/** Country of the plan's first number: the organisation's home. */
function homeCountry(plan: Plan): { countryCode: string; countryName: string } {
  const first = parsePhoneNumberFromString(plan.numbers[0]?.number ?? "");
  // A shared code such as +1 may leave the country open for numbers of a test range.
  return { countryCode: String(first?.countryCallingCode ?? "1"), countryName: first?.country ?? "US" };
}
