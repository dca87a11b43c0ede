/** What the keys of plan.yaml mean together. Works on the raw content, so that one wrong key does not hide other mistakes. */
export interface RuleProblem {
  path: PropertyKey[];
  seen: unknown;
  expected: string;
  fix: string;
}

type Raw = Record<string, unknown>;
const group = (value: unknown): Raw =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Raw) : {};
const items = (value: unknown): Raw[] => (Array.isArray(value) ? value.map(group) : []);

/** Every rule that the content breaks. */
export function planRules(raw: unknown): RuleProblem[] {
  const plan = group(raw);
  return [...trunkRules(group(plan.trunk)), ...carrierRules(plan), ...dnsRules(plan)];
}

function trunkRules(trunk: Raw): RuleProblem[] {
  const suites = trunk.srtpCipherSuites;
  // Genesys refuses plain RTP on a TLS trunk with 488: such a trunk would be up and carry no call.
  if (trunk.transport === "tls" && (suites === undefined || (Array.isArray(suites) && suites.length === 0))) {
    const fix = "list AES_CM_128_HMAC_SHA1_80, or what the carrier offers";
    return [
      {
        path: ["trunk", "srtpCipherSuites"],
        seen: suites,
        expected: "at least one SRTP suite, since transport is tls",
        fix,
      },
    ];
  }
  return [];
}

function carrierRules(plan: Raw): RuleProblem[] {
  const carrier = group(plan.carrier);
  // A carrier stands outside: a name of the private view only is no name to it.
  const hasDns = items(plan.dns).some((record) => record.view === "public");
  const routeHost = carrier.routeHost ?? (hasDns ? "customer-name" : "genesys-name");
  const problems: RuleProblem[] = [];
  if (carrier.rewrites === false) {
    problems.push({
      path: ["carrier", "rewrites"],
      seen: false,
      expected:
        "a carrier that rewrites the called number: between release and adoption a number is bound to nothing in Genesys Cloud, minutes to days, and only a route to the call route's shadow number answers it then",
      fix: "have the carrier route each number to another called number, or choose one that can",
    });
  }
  if (routeHost !== "customer-name") return problems;
  if (!hasDns && carrier.routeHost === "customer-name") {
    problems.push({
      path: ["carrier", "routeHost"],
      seen: "customer-name",
      expected: "genesys-name, since dns has no record of the public view to dial",
      fix: "set carrier.routeHost: genesys-name",
    });
  }
  if (carrier.tlsNameCheck === "strict") {
    problems.push({
      path: ["carrier", "tlsNameCheck"],
      seen: "strict",
      expected:
        "a carrier that checks the target's name: Genesys' certificate covers Genesys' names only, so a strict check (RFC 5922) fails through the customer's CNAME",
      fix: "set carrier.routeHost: genesys-name",
    });
  }
  if (carrier.requestHost === "customer-name") {
    problems.push({
      path: ["carrier", "requestHost"],
      seen: "customer-name",
      expected: "a request host that Genesys knows: an INVITE to the customer's own CNAME is refused",
      fix: "set carrier.routeHost: genesys-name",
    });
  }
  return problems;
}

/** Least and greatest TTL that each provider takes, seconds (Cloudflare: 30 is the Enterprise bound; Route 53: RFC 2181). */
const TTL_BOUNDS: ReadonlyMap<unknown, [number, number]> = new Map([
  ["cloudflare", [30, 86_400]],
  ["route53", [0, 2_147_483_647]],
]);

function dnsRules(plan: Raw): RuleProblem[] {
  const records = items(plan.dns);
  const seenKeys = new Map<string, number>();
  return records.flatMap((record, i) => {
    const name = [record.provider, record.view, record.record, record.zone].join(" ");
    const first = seenKeys.get(name);
    if (first === undefined) seenKeys.set(name, i);
    const again: RuleProblem = {
      path: ["dns", i, "record"],
      seen: record.record,
      expected: `each record of a provider and view once (see dns[${first}])`,
      fix: "remove one of them",
    };
    const trunk = { id: group(plan.trunk).terminationId, firstTo: records[0]?.to };
    return [...ttlRules(record, i), ...(first === undefined ? [] : [again]), ...targetRules(record, i, trunk)];
  });
}

function ttlRules(record: Raw, i: number): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const { normal, lowered } = group(record.ttlSeconds);
  if (typeof normal === "number" && typeof lowered === "number" && lowered >= normal) {
    problems.push({
      path: ["dns", i, "ttlSeconds", "lowered"],
      seen: lowered,
      expected: `less than the normal TTL of ${normal} s`,
      fix: "set lowered to 300 and normal to the TTL of today",
    });
  }
  const [min, max] = TTL_BOUNDS.get(record.provider) ?? [0, Number.POSITIVE_INFINITY];
  for (const [key, value] of Object.entries({ normal, lowered })) {
    if (typeof value === "number" && (value < min || value > max)) {
      problems.push({
        path: ["dns", i, "ttlSeconds", key],
        seen: value,
        expected: `${min} to ${max} s, which ${String(record.provider)} takes`,
        fix: "choose a TTL in these bounds",
      });
    }
  }
  return problems;
}

function targetRules(record: Raw, i: number, { id, firstTo }: { id: unknown; firstTo: unknown }): RuleProblem[] {
  const problems: RuleProblem[] = [];
  if (typeof record.to === "string" && typeof id === "string" && !record.to.startsWith(`${id}.`)) {
    problems.push({
      path: ["dns", i, "to"],
      seen: record.to,
      expected: `the BYOC trunk's own name, which begins with its termination id: ${id}.byoc...`,
      fix: "copy it from the trunk's Inbound Request-URI Reference",
    });
  } else if (typeof record.to === "string" && record.to !== firstTo) {
    problems.push({
      path: ["dns", i, "to"],
      seen: record.to,
      expected: `the one trunk that all records move to, ${String(firstTo)}`,
      fix: "use the same target in every record",
    });
  }
  if (record.from !== undefined && record.from === record.to) {
    problems.push({
      path: ["dns", i, "from"],
      seen: record.from,
      expected: "the target of today, other than to",
      fix: "write the name that answers today",
    });
  }
  return problems;
}
