// Written by `make types` from playground/protocol.py; a test fails while it is stale.

export interface Open {
  seq: number;
  link: string;
  token: string | null;
}

export interface Command {
  seq: number;
  command: Play | Pause | Step | Reset | Change | Load | Pace | Edit | Freeze | RemoveLayer | AddPoints | MovePoint | ErasePoints | UndoPoints | UseTable | Share | Ask;
}

export interface Watch {
  measurements: string[];
  pictures_per_second: number;
}

export interface Receipt {
  number: number;
}

export interface Answer {
  seq: number;
  refusal?: Refusal | null;
  notes?: Refusal[];
  token?: string | null;
  page?: string;
  link?: string;
  reading?: number[][];
}

export interface Update {
  experiment?: Experiment | null;
  data?: Data | null;
  state?: State | null;
  history?: Uint8Array | null;
  marks?: Mark[] | null;
}

export interface Frame {
  number: number;
  revision: number;
  epoch: number;
  step: number;
  samples_seen: number;
  epochs_per_second: number;
  learning_rate: number;
  parts: Part[];
  payload: Uint8Array;
}

export interface UploadAnswer {
  preview?: TablePreview | null;
  refusal?: Refusal | null;
}

export interface RunAnswer {
  notes?: Refusal[];
  refusal?: Refusal | null;
}

export interface Catalogue {
  settings: SettingDescription[];
  registries: Record<string, EntryDescription[]>;
  paces: PaceDescription[];
  grid: number;
}

export interface HelpBook {
  explanations: Record<string, Explanation>;
}

export interface Play {
  type: "play";
}

export interface Pause {
  type: "pause";
}

export interface Step {
  type: "step";
  unit: "sample" | "batch" | "epoch";
}

export interface Reset {
  type: "reset";
}

export interface Change {
  type: "change";
  changes: Record<string, unknown>;
}

export interface Load {
  type: "load";
  link: string;
}

export interface Pace {
  type: "pace";
  per_second: number | null;
  unit: "step" | "epoch";
}

export interface Edit {
  type: "edit";
  layer: number;
  row: number | null;
  unit: number;
  value: number;
}

export interface Freeze {
  type: "freeze";
  layer: number;
  frozen: boolean;
  row: number | null;
  unit: number | null;
}

export interface RemoveLayer {
  type: "remove_layer";
  layer: number;
}

export interface AddPoints {
  type: "add_points";
  points: [number, number, number][];
  stroke: number;
}

export interface MovePoint {
  type: "move_point";
  index: number;
  x: number;
  y: number;
  stroke: number;
}

export interface ErasePoints {
  type: "erase_points";
  indices: number[];
  stroke: number;
}

export interface UndoPoints {
  type: "undo_points";
}

export interface UseTable {
  type: "use_table";
  target: number;
  inputs: number[];
  kinds: string[];
  missing: string;
  scaling: string;
}

export interface Share {
  type: "share";
}

export interface Ask {
  type: "ask";
  across: number;
  up: number;
}

export interface Refusal {
  field: string;
  message: string;
}

export interface Experiment {
  revision: number;
  config: Record<string, unknown>;
  link: string;
  link_lacks: string;
  problem: string;
  data_label: string;
  inputs: Input[];
  layers: number[];
  activations: string[];
  thresholds: number[];
  loss: string;
  suits: Record<string, string[]>;
  parameters: number;
  frozen: Uint8Array;
}

export interface Data {
  classes: string[];
  columns: string[];
  target: string;
  projection: string;
  axes: string[];
  curve: boolean;
  domain: number[][];
  value_range: number[];
  slice: string;
  editable: boolean;
  drawn_from: number;
  train: Points;
  test: Points;
  offered: Input[];
  input_side: number;
  input_maps: Uint8Array;
  input_scales: Uint8Array;
}

export interface State {
  playing: boolean;
  epoch: number;
  step: number;
  samples_seen: number;
  last_batch: number[];
  pace: number | null;
  pace_unit: "step" | "epoch";
  stopped: string;
  stopped_by: string;
  undoable: boolean;
}

export interface Mark {
  epoch: number;
  text: string;
}

export type Part = [name: string, dtype: "float32" | "uint8", shape: number[]];

export interface TablePreview {
  name: string;
  rows: number;
  header: boolean;
  delimiter: string;
  encoding: string;
  notes: string[];
  columns: ColumnPreview[];
  head: string[][];
  guess: TableChoice;
}

export interface SettingDescription {
  name: string;
  label: string;
  help: string;
  kind: string;
  default: unknown;
  group?: string;
  starts_over?: boolean;
  number?: ParameterDescription | null;
  registry?: string;
  options?: string[];
  automatic?: string;
  of?: string;
  elsewhere?: string[];
}

export interface EntryDescription {
  name: string;
  label: string;
  help: string;
  parameters: ParameterDescription[];
  problem?: string;
  classes?: string[];
  fixed?: boolean;
  thumbnail?: Thumbnail | null;
}

export interface PaceDescription {
  per_second: number | null;
  unit: "step" | "epoch";
  label: string;
}

export interface Explanation {
  label: string;
  text: string;
  formula?: string;
  symbols?: [string, string][];
  source?: string;
  see?: string[];
}

export interface Input {
  kind: "feature" | "column" | "formula";
  name: string;
  label: string;
}

export interface Points {
  index: Uint8Array;
  x: Uint8Array;
  y: Uint8Array;
  target: Uint8Array;
}

export interface ColumnPreview {
  name: string;
  kind: "number" | "category" | "text";
  missing: number;
  distinct: number;
  examples: string[];
  can_be_number: boolean;
  can_be_category: boolean;
  can_be_target_class: boolean;
}

export interface TableChoice {
  target: number;
  inputs: number[];
  kinds: string[];
  missing: string;
  scaling: string;
}

export interface ParameterDescription {
  name: string;
  label: string;
  help: string;
  default: number;
  minimum: number;
  maximum: number;
  step: number;
  integer: boolean;
  switch: boolean;
  unit: string;
  choices: number[];
}

export interface Thumbnail {
  x: number[];
  y: number[];
  target: number[];
}

export type HistoryRow = [epoch: number, training_loss: number, test_loss: number, training_accuracy: number, test_accuracy: number, training_error: number, test_error: number];
