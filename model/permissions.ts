/** What the migration's own runs may do, and nothing else (facts: the provider's documentation, per resource). */
export const PERMISSIONS: { domain: string; entityName: string; actionSets: string[] }[] = [
  { domain: "telephony", entityName: "plugin", actionSets: ["all"] },
  { domain: "telephony", entityName: "sites", actionSets: ["view"] },
  { domain: "routing", entityName: "callRoute", actionSets: ["add", "delete", "edit", "view"] },
  { domain: "routing", entityName: "emergencyGroup", actionSets: ["add", "delete", "edit", "view"] },
  { domain: "routing", entityName: "queue", actionSets: ["add", "delete", "edit", "view"] },
  { domain: "architect", entityName: "job", actionSets: ["create", "view"] },
  {
    domain: "architect",
    entityName: "flow",
    actionSets: ["add", "delete", "edit", "publish", "search", "unlock", "view"],
  },
  { domain: "architect", entityName: "datatable", actionSets: ["add", "delete", "edit", "view"] },
  { domain: "architect", entityName: "datatableRow", actionSets: ["add", "delete", "edit", "view"] },
  { domain: "analytics", entityName: "conversationDetail", actionSets: ["view"] },
];
