import * as genesyscloud from "@pulumi/genesyscloud";
import * as pulumi from "@pulumi/pulumi";
import { proofEvidence } from "../model/evidence";
import { flowSlug } from "../model/flowslug";
import { toRanges } from "../model/ranges";
import type { DesiredRoute, DesiredState, Plan, PlanCallRoute } from "../model/types";
import { Access } from "./access";
import { CarrierRoutes, EmergencyAddress, PortOrder } from "./carrier";
import { probeSettings, routingTableName } from "./evidence";
import { emergencyGroupsRequest, standby } from "./emergency";
import { GeneratedFlow, RoutingTable } from "./flows";
import { frontFlow } from "./front-flow";
import { fingerprint, Proof, Request } from "./gate";
import { DEFAULT_ROUTE, type Existing } from "./lookups";
import { Binding, NumberPools } from "./numbers";
import { PhaseRecord, type RecordValue } from "./record";
import type { Settings } from "./settings";
import { SipDns } from "./sip-dns";
import { ByocSite, OutboundRoute, SHADOW_CLASSIFICATION } from "./site";
import { ByocTrunk, trunkOf } from "./trunk";

export interface MigrationArgs {
  plan: Plan;
  state: DesiredState;
  settings: Settings;
  existing: Existing;
  gate: pulumi.Resource;
  record: RecordValue;
}

/** Classifications of a site's default outbound route; the live ones win, because the route is adopted with them ignored. */
const CLASSIFICATIONS = ["National", "International", "Network", "Emergency"];

/** Everything one migration declares at its desired state, in the order that loses no call. */
export class Migration extends pulumi.ComponentResource {
  private readonly all: pulumi.Resource[] = [];
  private readonly a: MigrationArgs;
  private readonly gated: { parent: pulumi.Resource; after: pulumi.Resource[] };

  constructor(name: string, args: MigrationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cutover:index:Migration", name, {}, opts);
    this.a = args;
    this.gated = { parent: this, after: [args.gate] };
    const { state } = args;
    const shadows = state.byoc ? this.shadowPools() : undefined;
    const byoc = state.byoc ? this.byocPath(shadows!) : undefined;
    this.gcvBindings(shadows, byoc);
    if (byoc) this.keep(...emergencyGroupsRequest(this.a, byoc.ivrs, this));
    // R2 may follow the name, R1 never does. So the name moves before the first R2 and goes back after the last, whether a step is
    // taken, taken back, or taken up again after an update that ended half way: the order is the desired state's, not the direction's.
    const named = state.routes.some((r) => r.kind === "R2");
    const dns = named ? this.dns([]) : undefined;
    const routes = this.carrierRoutes(byoc, dns);
    if (!named) this.dns([...routes.byKey.values()]);
    this.porting(routes);
    this.outbound(byoc, routes);
    new PhaseRecord(
      "record",
      { stack: args.settings.stack, value: args.record },
      { parent: this, gate: args.gate, last: this.all },
    );
    this.registerOutputs({});
  }

  private keep(...resources: pulumi.Resource[]): void {
    this.all.push(...resources);
  }

  /** Shadow and spare test numbers: the only BYOC numbers until the first wave is adopted. */
  private shadowPools(): NumberPools {
    const { callRoutes, shadowsExist } = this.a.state;
    const numbers = callRoutes.flatMap((r) => (shadowsExist ? [r.shadow, r.spare] : [r.spare]));
    const ranges = numbers.map((n) => ({ from: n, to: n }));
    const pools = new NumberPools(
      "spare-numbers",
      { ranges, description: "Shadow and test numbers of the migration" },
      { ...this.gated, protectPools: this.a.state.protectShadows },
    );
    this.keep(...pools.pools);
    return pools;
  }

  /** Trunk, site, flows, table and the `<call route> BYOC` IVRs: all of it stands before the first call can come. */
  private byocPath(shadows: NumberPools) {
    const { plan, state, settings, existing } = this.a;
    const protect = state.protectByoc;
    const site = new ByocSite(
      "byoc",
      {
        siteName: `${plan.trunk.name} site`,
        locationId: existing.locationId,
        shadows: state.callRoutes.map((r) => r.shadow),
      },
      { ...this.gated, protectSite: protect },
    );
    const trunk = new ByocTrunk("byoc", trunkOf(plan, site.site.id, settings.trunkPassword), {
      parent: this,
      protectTrunk: protect,
      dependsOn: [this.a.gate],
    });
    const shadowRoute = new OutboundRoute(
      "byoc-shadows",
      {
        routeName: "Cutover shadows",
        siteId: site.site.id,
        classifications: [SHADOW_CLASSIFICATION],
        trunkIds: [trunk.trunk.id],
      },
      { ...this.gated, protectRoute: protect },
    );
    const table = new RoutingTable(
      "routing",
      { tableName: routingTableName(plan), rows: state.rows },
      { ...this.gated, protectTable: protect },
    );
    const queue = new genesyscloud.RoutingQueue(
      "codec-fallback-queue",
      { name: plan.inbound.codecFallbackQueue, description: "Calls that met a codec mismatch during the migration" },
      { parent: this, protect, dependsOn: [this.a.gate] },
    );
    this.keep(site.site, trunk.trunk, shadowRoute.route, table.table, ...table.rows, queue);
    const ready = [this.a.gate, table.table, ...table.rows, queue];
    const fronts = new Map(state.callRoutes.map((r) => [r.callRoute, this.frontFlow(r, ready)]));
    const pools = new Map(state.pools.map((p) => [p.part, this.adoptedPools(p.part, p.ranges)]));
    const ivrs = new Map(
      state.byocIvrs.map(({ callRoute, numbers }) => {
        const binding = new Binding(
          `${flowSlug(callRoute)}-byoc`,
          {
            ivrName: `${callRoute} BYOC`,
            numbers,
            flowId: fronts.get(callRoute)!.flow.id,
            hours: existing.hours.get(callRoute),
          },
          {
            parent: this,
            after: [this.a.gate, ...shadows.pools, ...[...pools.values()].flatMap((p) => p.pools), trunk.trunk],
            protectIvr: protect,
          },
        );
        this.keep(binding.ivr);
        return [callRoute, binding.ivr] as const;
      }),
    );
    this.keep(...new Access("access", { planName: plan.name }, { ...this.gated, protectAccess: protect }).resources);
    return { trunk: trunk.trunk, shadowRoute: shadowRoute.route, fronts, ivrs };
  }

  private frontFlow({ callRoute, flow, shadow }: PlanCallRoute, ready: pulumi.Resource[]): GeneratedFlow {
    const { plan, state, settings } = this.a;
    const slug = flowSlug(callRoute);
    const parts = plan.parts.flatMap((part) => {
      const numbers = plan.numbers.filter((n) => n.part === part.id && n.callRoute === callRoute).map((n) => n.number);
      return numbers.length ? [{ part: part.id, ranges: toRanges(numbers) }] : [];
    });
    const flowName = `${callRoute} front`;
    const yaml = frontFlow({
      name: flowName,
      flow,
      shadow,
      parts,
      table: routingTableName(plan),
      inbound: plan.inbound,
    });
    const front = new GeneratedFlow(
      `${slug}-front`,
      { flowName, slug: `${slug}-front`, yaml, workDir: settings.workDir },
      { parent: this, after: ready, protectFlow: state.protectByoc },
    );
    this.keep(front.flow);
    return front;
  }

  private adoptedPools(part: string, ranges: DesiredState["pools"][number]["ranges"]): NumberPools {
    const pools = new NumberPools(
      `numbers-${part}`,
      { ranges, description: `Wave ${part} at the own carrier` },
      { ...this.gated, protectPools: true },
    );
    this.keep(...pools.pools);
    return pools;
  }

  /** The existing IVRs: adopted, pointed at the front flow from canary on, left by the waves one after another. */
  private gcvBindings(shadows: NumberPools | undefined, byoc: { fronts: Map<string, GeneratedFlow> } | undefined) {
    const { state, existing } = this.a;
    const bindings = state.gcvIvrs.map(({ callRoute, numbers, target }) => {
      const found = existing.callRoutes.get(callRoute)!;
      const front = byoc?.fronts.get(callRoute);
      const flowId = target === "front" ? front!.flow.id : found.flowId;
      const after = [this.a.gate, ...(shadows?.pools ?? []), ...(front ? [front.flow] : [])];
      const binding = new Binding(
        flowSlug(callRoute),
        { ivrName: callRoute, numbers, flowId, hours: existing.hours.get(callRoute), adopt: found.ivrId },
        { parent: this, after, protectIvr: true },
      );
      return { callRoute, ivr: binding.ivr };
    });
    this.keep(...bindings.map((b) => b.ivr));
    for (const { part, ranges } of state.inventoryRequests) {
      const note = `Numbers of wave ${part} have left their GCV call routes: please remove exactly these from the GCV inventory (Number Management).`;
      this.keep(
        new Request(
          `inventory-${part}`,
          { kind: "inventory-removal", ranges, note },
          // Only after they are bound to nothing: the inventory refuses a bound number.
          { parent: this, dependsOn: [this.a.gate, ...bindings.map((b) => b.ivr)] },
        ),
      );
    }
    if (state.byoc) this.keep(...standby(this.a, bindings, this.gated));
  }

  private dns(after: pulumi.Resource[]): SipDns {
    const dns = new SipDns("dns", this.a.state.dns, this.a.existing.records, {
      parent: this,
      after: [this.a.gate, ...after],
    });
    this.keep(...dns.records);
    return dns;
  }

  /**
   * A route turns to the real number only after its proofs. One that turned back to the shadow has its proofs withdrawn before that: they
   * would still stand when a way back that ended half way is taken up forward again, over answers that lead to GCV by then.
   */
  private carrierRoutes(
    byoc: { ivrs: Map<string, genesyscloud.ArchitectIvr>; trunk: pulumi.Resource } | undefined,
    dns: SipDns | undefined,
  ): CarrierRoutes {
    const { state } = this.a;
    const adopted = state.routes.filter((r) => r.kind === "R2");
    const proofs = new Map<string, pulumi.Resource>();
    if (adopted.length && byoc && dns) {
      const targets = state.dns.map((d) => [d.key, d.target]);
      const moved = this.proof("dns-moved", "dns-moved", { targets }, [...dns.records]);
      for (const part of new Set(adopted.map((r) => r.part!))) {
        const subject = {
          part,
          routes: adopted.filter((r) => r.part === part).map(({ key, ranges, host }) => ({ key, ranges, host })),
        };
        proofs.set(part, this.proof("real-tested", `real-tested-${part}`, subject, [moved, ...byoc.ivrs.values()]));
      }
    }
    const withdrawn = this.withdrawnProofs(adopted);
    const after = (want: DesiredRoute) => [
      this.a.gate,
      ...(byoc ? [byoc.trunk, ...byoc.ivrs.values()] : []),
      ...(want.kind === "R2" && proofs.has(want.part!) ? [proofs.get(want.part!)!] : []),
      ...(want.kind === "R1" ? withdrawn : []),
    ];
    const routes = new CarrierRoutes("route", state.routes, {
      parent: this,
      protectRoutes: state.protectNumbers,
      after,
    });
    this.keep(...routes.byKey.values());
    return routes;
  }

  /** Proofs of parts that were adopted once and are not any more; the name's, when it leads no part. */
  private withdrawnProofs(adopted: readonly DesiredRoute[]): pulumi.Resource[] {
    const parts = this.a.state.pools.map((p) => p.part).filter((part) => adopted.every((r) => r.part !== part));
    if (parts.length === 0) return [];
    const name = adopted.length === 0 ? [this.proof("dns-moved", "dns-moved", { withdrawn: true }, [])] : [];
    const real = (part: string) => this.proof("real-tested", `real-tested-${part}`, { part, withdrawn: true }, []);
    return [...name, ...parts.map(real)];
  }

  /** Addresses, then orders: an order is submitted only when R1 of all its numbers is on file and was test-called. */
  private porting(routes: CarrierRoutes) {
    const { state, plan } = this.a;
    const addresses = state.emergencyAddresses.map(
      ({ address, ranges }) =>
        new EmergencyAddress(
          `emergency-${address.toLowerCase()}`,
          { address, ranges },
          { parent: this, protect: state.protectNumbers, dependsOn: [this.a.gate] },
        ),
    );
    this.keep(...addresses);
    if (!state.portOrders.length) return;
    const tested = new Map<string, pulumi.Resource>();
    for (const part of plan.parts) {
      // The subject is R1's shape, also after the route has become R2: what was proven stays proven.
      const subject = {
        part: part.id,
        numbers: fingerprint(part.numbers),
        sample: toRanges(part.numbers).map((r) => r.from),
      };
      const own = [...routes.byKey].filter(([key]) => key.startsWith(`${part.id}-`)).map(([, route]) => route);
      tested.set(part.id, this.proof("r1-tested", `r1-tested-${part.id}`, subject, own));
    }
    for (const order of state.portOrders) {
      const proofs = plan.parts.filter((p) => p.wave === order.wave).map((p) => tested.get(p.id)!);
      const { id, ranges, focInDays, losingCarrier } = order;
      this.keep(
        new PortOrder(
          `order-${id.toLowerCase()}`,
          { orderName: id, ranges, focInDays, losingCarrier },
          { parent: this, dependsOn: [this.a.gate, ...addresses, ...proofs] },
        ),
      );
    }
  }

  /** A site's calls leave by the new trunk when all its numbers are adopted: before that its caller ids would be refused. */
  private outbound(
    byoc: { trunk: genesyscloud.TelephonyProvidersEdgesTrunkbasesettings } | undefined,
    routes: CarrierRoutes,
  ) {
    const { state, existing } = this.a;
    for (const { site, trunks } of state.outbound) {
      const found = existing.sites.get(site)!;
      const moved = trunks.includes("byoc") ? [...routes.byKey.values()] : [];
      const route = new OutboundRoute(
        `outbound-${flowSlug(site)}`,
        {
          routeName: DEFAULT_ROUTE,
          siteId: found.siteId,
          classifications: CLASSIFICATIONS,
          trunkIds: trunks.map((t) => (t === "byoc" ? byoc!.trunk.id : existing.gcvTrunkId)),
          adopt: found.routeId,
        },
        { parent: this, after: [this.a.gate, ...moved], protectRoute: true },
      );
      this.keep(route.route);
    }
  }

  private proof(
    kind: "r1-tested" | "dns-moved" | "real-tested",
    name: string,
    subject: unknown,
    after: pulumi.Resource[],
  ): Proof {
    const { plan, settings } = this.a;
    const asks = proofEvidence(plan, kind, subject as never);
    const probes = Object.fromEntries(asks.map(({ probe, ask }) => [probe, probeSettings(settings, ask)]));
    const proof = new Proof(
      name,
      {
        kind,
        subject,
        plan: settings.planDir,
        settings: probes,
        waitSeconds: settings.waitSeconds,
        ...(settings.without.length > 0 ? { without: settings.without } : {}),
      },
      { parent: this, dependsOn: [this.a.gate, ...after] },
    );
    this.keep(proof);
    return proof;
  }
}
