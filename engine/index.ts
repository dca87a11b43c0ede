/** The embedded engine's public face. */
export type { ExportedDeployment } from "./checkpoint";
export type { ShownDiff } from "./diff";
export { Engine, type EngineOptions, type OperationOptions } from "./engine";
export type { ChangeKind, Diagnostic, EngineEvent, Op, Result, StepResult, Violation } from "./result";
