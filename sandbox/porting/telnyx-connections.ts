import type { CarrierAccount, Fqdn, FqdnConnection, StreetAddress } from "./account";
import { type ApiRequest, type ApiServer, badRequest, listPage, notFound } from "./http";
import type { WorldTime } from "./port-order";
import { blank, ok } from "./telnyx-numbers";

/** FQDN connections and their FQDNs: where calls to numbers of a connection are sent. */
export function addConnections(server: ApiServer, account: CarrierAccount, clock: WorldTime): void {
  const base = "/v2/fqdn_connections";
  const one = (r: ApiRequest) => {
    const connection = account.connections.get(r.params.id!);
    if (!connection) throw notFound(`FQDN connection ${r.params.id}`);
    return connection;
  };
  server.on("GET", base, (r) =>
    listPage(r.query, [...account.connections.values()], { connection_name: (c) => c.name }, renderConnection),
  );
  server.on("POST", base, (r) => {
    const name = blank(r.body.connection_name);
    if (!name) throw badRequest("connection_name is required.", "/connection_name");
    if ([...account.connections.values()].some((c) => c.name === name))
      throw badRequest(`The connection name "${name}" is taken.`, "/connection_name");
    const now = clock.now();
    const connection: FqdnConnection = {
      id: account.nextId(),
      name,
      active: true,
      transport: "UDP",
      extra: {},
      createdAt: now,
      updatedAt: now,
    };
    account.connections.set(connection.id, changeConnection(connection, r.body));
    return ok(renderConnection(connection), 201);
  });
  server.on("GET", `${base}/:id`, (r) => ok(renderConnection(one(r))));
  server.on("PATCH", `${base}/:id`, (r) => {
    const connection = changeConnection(one(r), r.body);
    connection.updatedAt = clock.now();
    return ok(renderConnection(connection));
  });
  server.on("DELETE", `${base}/:id`, (r) => {
    const connection = one(r);
    const used = account.numbers().filter((n) => n.connectionId === connection.id).length;
    if (used > 0) throw badRequest(`The connection is used by ${used} numbers.`);
    account.connections.delete(connection.id);
    for (const fqdn of account.fqdnsOf(connection)) account.fqdns.delete(fqdn.id);
    return ok(renderConnection(connection));
  });
  addFqdns(server, account, clock);
}

function changeConnection(connection: FqdnConnection, body: Record<string, unknown>): FqdnConnection {
  const { connection_name, active, transport_protocol, ...extra } = body;
  if (transport_protocol !== undefined) {
    if (!["UDP", "TCP", "TLS"].includes(String(transport_protocol)))
      throw badRequest("transport_protocol must be UDP, TCP or TLS.", "/transport_protocol");
    connection.transport = transport_protocol as FqdnConnection["transport"];
  }
  if (typeof connection_name === "string" && connection_name) connection.name = connection_name;
  if (typeof active === "boolean") connection.active = active;
  Object.assign(connection.extra, extra);
  return connection;
}

function addFqdns(server: ApiServer, account: CarrierAccount, clock: WorldTime): void {
  const one = (r: ApiRequest) => {
    const fqdn = account.fqdns.get(r.params.id!);
    if (!fqdn) throw notFound(`FQDN ${r.params.id}`);
    return fqdn;
  };
  server.on("GET", "/v2/fqdns", (r) =>
    listPage(
      r.query,
      [...account.fqdns.values()],
      { connection_id: (f) => f.connectionId, fqdn: (f) => f.fqdn },
      renderFqdn,
    ),
  );
  server.on("POST", "/v2/fqdns", (r) => {
    const connectionId = blank(r.body.connection_id);
    if (!connectionId || !account.connections.has(connectionId))
      throw badRequest(`There is no connection ${connectionId ?? "(none given)"}.`, "/connection_id");
    const fqdn: Fqdn = {
      id: account.nextId(),
      connectionId,
      fqdn: "",
      port: 5060,
      recordType: "a",
      createdAt: clock.now(),
    };
    changeFqdn(fqdn, r.body);
    if (!fqdn.fqdn) throw badRequest("fqdn is required.", "/fqdn");
    account.fqdns.set(fqdn.id, fqdn);
    return ok(renderFqdn(fqdn), 201);
  });
  server.on("GET", "/v2/fqdns/:id", (r) => ok(renderFqdn(one(r))));
  server.on("PATCH", "/v2/fqdns/:id", (r) => ok(renderFqdn(changeFqdn(one(r), r.body))));
  server.on("DELETE", "/v2/fqdns/:id", (r) => {
    const fqdn = one(r);
    account.fqdns.delete(fqdn.id);
    return ok(renderFqdn(fqdn));
  });
}

function changeFqdn(fqdn: Fqdn, body: Record<string, unknown>): Fqdn {
  if (body.fqdn !== undefined) {
    const name = String(body.fqdn).replace(/\.$/, "").toLowerCase();
    if (!/^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name))
      throw badRequest(`"${String(body.fqdn)}" is not a domain name.`, "/fqdn");
    fqdn.fqdn = name;
  }
  if (body.port !== undefined) {
    const port = Number(body.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw badRequest("port must be 1 to 65535.", "/port");
    fqdn.port = port;
  }
  if (body.dns_record_type !== undefined) {
    if (body.dns_record_type !== "a" && body.dns_record_type !== "srv")
      throw badRequest("dns_record_type must be a or srv.", "/dns_record_type");
    fqdn.recordType = body.dns_record_type;
  }
  return fqdn;
}

/** Street addresses on file, also under the path of dynamic emergency addresses. */
export function addAddresses(server: ApiServer, account: CarrierAccount, clock: WorldTime): void {
  const all = () => [...account.addresses.values()];
  for (const base of ["/v2/addresses", "/v2/dynamic_emergency_addresses"]) {
    server.on("GET", base, (r) =>
      listPage(r.query, all(), { customer_reference: (a) => a.customerReference }, renderAddress),
    );
    server.on("POST", base, (r) => {
      const { customer_reference, ...extra } = r.body;
      const address: StreetAddress = {
        id: account.nextId(),
        customerReference: String(customer_reference ?? ""),
        extra,
        createdAt: clock.now(),
      };
      account.addresses.set(address.id, address);
      return ok(renderAddress(address), 201);
    });
    server.on("GET", `${base}/:id`, (r) => {
      const address = account.addresses.get(r.params.id!);
      if (!address) throw notFound(`Address ${r.params.id}`);
      return ok(renderAddress(address));
    });
    server.on("DELETE", `${base}/:id`, (r) => {
      const address = account.addresses.get(r.params.id!);
      if (!address) throw notFound(`Address ${r.params.id}`);
      const used = account.numbers().filter((n) => n.emergencyAddressId === address.id).length;
      if (used > 0) throw badRequest(`The address is used by ${used} numbers.`);
      account.addresses.delete(address.id);
      return ok(renderAddress(address));
    });
  }
}

function renderConnection(c: FqdnConnection): Record<string, unknown> {
  const { id, name, active, transport, extra, createdAt, updatedAt } = c;
  return {
    ...extra,
    record_type: "fqdn_connection",
    id,
    connection_name: name,
    active,
    transport_protocol: transport,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}

function renderFqdn(f: Fqdn): Record<string, unknown> {
  return {
    record_type: "fqdn",
    id: f.id,
    connection_id: f.connectionId,
    fqdn: f.fqdn,
    port: f.port,
    dns_record_type: f.recordType,
    created_at: f.createdAt.toISOString(),
  };
}

function renderAddress(a: StreetAddress): Record<string, unknown> {
  return {
    ...a.extra,
    record_type: "address",
    id: a.id,
    customer_reference: a.customerReference,
    created_at: a.createdAt.toISOString(),
  };
}
