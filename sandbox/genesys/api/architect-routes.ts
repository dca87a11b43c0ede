/** Architect and routing: IVRs, emergency groups, flows and their jobs, data tables, queues. */

import { badRequest } from "../store/errors";
import type { Flow } from "../store/flows";
import type { DataTable } from "../store/tables";
import { type ApiRequest, byName, page, type Routes } from "./routing";

const id = (r: ApiRequest): string => r.params.id as string;

/** IVRs, flows with their publish jobs, data tables and queues. */
export function architectRoutes(routes: Routes): void {
  ivrRoutes(routes);
  scheduleRoutes(routes);
  flowRoutes(routes);
  tableRoutes(routes);
  queueRoutes(routes);
}

function ivrRoutes(routes: Routes): void {
  routes.get("/architect/ivrs", "routing:callRoute:view", (r) => {
    const dnis = r.query.get("dnis");
    const list = byName(r.query, r.store.ivrs.ivrs.all());
    return page(r, dnis === null ? list : list.filter((ivr) => ivr.dnis.includes(dnis)));
  });
  routes.post("/architect/ivrs", "routing:callRoute:add", (r) => r.store.ivrs.create(r.body));
  routes.get("/architect/ivrs/{id}", "routing:callRoute:view", (r) => r.store.ivrs.ivrs.get(id(r)));
  routes.put("/architect/ivrs/{id}", "routing:callRoute:edit", (r) => r.store.ivrs.update(id(r), r.body));
  routes.delete("/architect/ivrs/{id}", "routing:callRoute:delete", (r) => r.store.ivrs.remove(id(r)));
  routes.get("/architect/emergencygroups", "routing:emergencyGroup:view", (r) =>
    page(r, byName(r.query, r.store.ivrs.groups.all())),
  );
  routes.post("/architect/emergencygroups", "routing:emergencyGroup:add", (r) => r.store.ivrs.createGroup(r.body));
  routes.get("/architect/emergencygroups/{id}", "routing:emergencyGroup:view", (r) => r.store.ivrs.groups.get(id(r)));
  routes.put("/architect/emergencygroups/{id}", "routing:emergencyGroup:edit", (r) =>
    r.store.ivrs.updateGroup(id(r), r.body),
  );
  routes.delete("/architect/emergencygroups/{id}", "routing:emergencyGroup:delete", (r) =>
    r.store.ivrs.removeGroup(id(r)),
  );
}

/** Schedules and their groups, to read: whoever changes them does so in the screens. */
function scheduleRoutes(routes: Routes): void {
  routes.get("/architect/schedules", "routing:schedule:view", (r) =>
    page(r, byName(r.query, r.store.ivrs.schedules.schedules.all())),
  );
  routes.get("/architect/schedules/{id}", "routing:schedule:view", (r) => r.store.ivrs.schedules.schedules.get(id(r)));
  routes.get("/architect/schedulegroups", "routing:scheduleGroup:view", (r) =>
    page(r, byName(r.query, r.store.ivrs.schedules.groups.all())),
  );
  routes.get("/architect/schedulegroups/{id}", "routing:scheduleGroup:view", (r) =>
    r.store.ivrs.schedules.groups.get(id(r)),
  );
}

function flowRoutes(routes: Routes): void {
  routes.get("/flows", "architect:flow:search", (r) => {
    const types = r.query
      .getAll("type")
      .flatMap((t) => t.split(","))
      .map((t) => t.toLowerCase());
    const ids = r.query.getAll("id").flatMap((t) => t.split(","));
    const list = byName(
      r.query,
      r.store.flows.flows.all(),
      r.query.has("nameOrDescription") ? "nameOrDescription" : "name",
    );
    return page(
      r,
      list.filter(
        (f) => (types.length === 0 || types.includes(f.type.toLowerCase())) && (ids.length === 0 || ids.includes(f.id)),
      ),
    );
  });
  routes.post("/flows/jobs", "architect:job:create", (r) => {
    const job = r.store.flows.newJob();
    return {
      id: job.id,
      presignedUrl: `${r.origin}/flow-uploads/${job.id}?X-Amz-Signature=${job.signature}`,
      headers: job.headers,
      correlationId: job.id,
      selfUri: `/api/v2/flows/jobs/${job.id}`,
    };
  });
  routes.get("/flows/jobs/{id}", "architect:job:view", (r) => {
    const job = r.store.flows.job(id(r));
    const expanded = (r.query.get("expand") ?? "").split(",").includes("messages");
    return {
      id: job.id,
      status: job.status,
      command: "Publish",
      ...(job.flow ? { flow: { id: job.flow.id, selfUri: `/api/v2/flows/${job.flow.id}` } } : {}),
      ...(expanded ? { messages: job.messages } : {}),
      selfUri: `/api/v2/flows/jobs/${job.id}`,
    };
  });
  routes.post("/flows/actions/publish", "architect:flow:publish", (r) => {
    const flow = r.store.flows.publishVersion(required(r, "flow"), r.query.get("version") ?? "");
    return { id: flow.id, complete: true, actionName: "PUBLISH", actionStatus: "SUCCESS" };
  });
  routes.post("/flows/actions/unlock", "architect:flow:unlock", (r) => r.store.flows.flows.get(required(r, "flow")));
  routes.get("/flows/{id}", "architect:flow:view", (r): Flow => r.store.flows.flows.get(id(r)));
  routes.delete("/flows/{id}", "architect:flow:delete", (r) =>
    r.store.flows.removeFlow(id(r), r.store.ivrs.usersOfFlow(id(r))),
  );
}

function required(r: ApiRequest, name: string): string {
  const value = r.query.get(name);
  if (!value) throw badRequest(`The query parameter ${name} is required.`);
  return value;
}

function tableRoutes(routes: Routes): void {
  const path = "/flows/datatables";
  // Without expand=schema the API leaves the schema out.
  const show = (r: ApiRequest) => (table: DataTable) => {
    const { schema, ...rest } = table;
    return (r.query.get("expand") ?? "").split(",").includes("schema") ? { ...rest, schema } : rest;
  };
  routes.get(path, "architect:datatable:view", (r) =>
    page(r, byName(r.query, r.store.flows.tables.tables.all()), show(r)),
  );
  routes.post(path, "architect:datatable:add", (r) => r.store.flows.tables.create(r.body));
  routes.get(`${path}/{id}`, "architect:datatable:view", (r) => show(r)(r.store.flows.tables.tables.get(id(r))));
  routes.put(`${path}/{id}`, "architect:datatable:edit", (r) => r.store.flows.tables.update(id(r), r.body));
  routes.delete(`${path}/{id}`, "architect:datatable:delete", (r) => {
    const { tables } = r.store.flows;
    const users = r.store.flows.usersOf("dataTables", tables.tables.get(id(r)).name);
    tables.remove(id(r), r.query.get("force") === "true", users);
  });
  // showbrief defaults to true: only the key.
  const brief = (r: ApiRequest) => (row: Record<string, unknown>) =>
    r.query.get("showbrief") === "false" ? row : { key: row.key };
  routes.get(`${path}/{id}/rows`, "architect:datatableRow:view", (r) =>
    page(r, [...r.store.flows.tables.rows(id(r)).values()], brief(r)),
  );
  routes.post(`${path}/{id}/rows`, "architect:datatableRow:add", (r) => r.store.flows.tables.createRow(id(r), r.body));
  routes.get(`${path}/{id}/rows/{row}`, "architect:datatableRow:view", (r) =>
    brief(r)(r.store.flows.tables.row(id(r), r.params.row as string)),
  );
  routes.put(`${path}/{id}/rows/{row}`, "architect:datatableRow:edit", (r) =>
    r.store.flows.tables.updateRow(id(r), r.params.row as string, r.body),
  );
  routes.delete(`${path}/{id}/rows/{row}`, "architect:datatableRow:delete", (r) =>
    r.store.flows.tables.removeRow(id(r), r.params.row as string),
  );
}

function queueRoutes(routes: Routes): void {
  const path = "/routing/queues";
  routes.get(path, "routing:queue:view", (r) => page(r, byName(r.query, r.store.flows.queues.all())));
  routes.post(path, "routing:queue:add", (r) => r.store.flows.createQueue(r.body));
  routes.get(`${path}/{id}`, "routing:queue:view", (r) => r.store.flows.queues.get(id(r)));
  routes.put(`${path}/{id}`, "routing:queue:edit", (r) => r.store.flows.updateQueue(id(r), r.body));
  routes.delete(`${path}/{id}`, "routing:queue:delete", (r) => r.store.flows.removeQueue(id(r)));
  const none = (r: ApiRequest) => {
    r.store.flows.queues.get(id(r));
    return page(r, []);
  };
  routes.get(`${path}/{id}/members`, "routing:queue:view", none);
  routes.get(`${path}/{id}/wrapupcodes`, "routing:queue:view", none);
}
